# Calendars of what is due.
calendar-of-thread = Vencimientos del acuerdo { $index }
calendar-of-organization = Vencimientos de { $domain }
calendar-due = Vence: { $what }
calendar-overdue = Vencido, no consta nada: { $what }
calendar-link = Vencimientos como calendario (iCalendar)
