# Calendars of what is due.
calendar-of-thread = مواعيد الاتفاق { $index }
calendar-of-organization = مواعيد { $domain }
calendar-due = مستحق: { $what }
calendar-overdue = متأخر، لم يُسجَّل شيء: { $what }
calendar-link = المواعيد كتقويم (iCalendar)
