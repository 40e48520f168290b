# Calendars of what is due.
calendar-of-thread = Due in agreement { $index }
calendar-of-organization = Due from { $domain }
calendar-due = Due: { $what }
calendar-overdue = Overdue, nothing recorded: { $what }
calendar-link = Due dates as a calendar (iCalendar)
