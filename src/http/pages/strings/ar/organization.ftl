organization-title = المقيّد عن { $domain }
organization-description = كل قيد في هذا السجل يذكر { $domain }، الأحدث أولًا.
organization-eyebrow = مؤسسة
organization-in-own-script = بكتابته الأصلية: { $written }.
organization-look-alike = قد تتشابه فيها أسماء مختلفة؛ والصيغة بالحروف اللاتينية هي التي تميّز بينها.
organization-total =
    { $count ->
        [zero] لا قيود تذكر هذا النطاق ({ $count }).
        [one] قيد واحد يذكر هذا النطاق ({ $count }).
        [two] قيدان يذكران هذا النطاق ({ $count }).
        [few] { $count } قيود تذكر هذا النطاق.
        [many] { $count } قيدًا تذكر هذا النطاق.
       *[other] { $count } قيد تذكر هذا النطاق.
    }
organization-unclaimed = لم يطالب أحد من { $domain } بهذه الصفحة.
organization-stated = كل قيد هو ما يقوله من وقّعوه. وكونه مقيّدًا لا يُظهر أنه صحيح.
organization-entries = القيود
organization-shown = من { $from } إلى { $to } من أصل { $total }، الأحدث أولًا.
organization-newest = أحدث القيود
organization-older = قيود أقدم
organization-complete = هل هذا كل شيء؟
organization-complete-text = كل قيد يذكر { $domain } يسمّي القيد الذي قبله برقمه وبصمته، رجوعًا إلى أول قيد. فلا يمكن إسقاط قيد أقدم من أحدث قيد معروض هنا دون أن تظهر فجوة.
organization-newest-entry = أحدث قيد
organization-in-chain = عدد القيود في السلسلة
organization-complete-audit = ولمعرفة أن هذه الروابط صحيحة وأنه لم يُسقَط قيد أحدث، يلزم تدقيق السجل كله. ويستطيع أي أحد أن يجريه:
organization-this-name = تشمل الصفحة اسم نطاق واحدًا بعينه. وللأسماء التي تحته أو فوقه صفحاتها.
organization-json = القيود بصيغة JSON
organization-nothing = لا شيء مقيّد يذكر هذا النطاق.
organization-due = المستحق الآن
organization-due-nothing = لا شيء مستحق في يوم محدد ينتظرها.
organization-due-counts = متأخر: { $late }. قادم: { $coming }.
organization-due-late = متأخر، لم يُسجَّل شيء: { $what }، كان مستحقًا في { $day }
organization-due-by = { $what }، حتى { $day }
organization-due-thread = مسار الاتفاق { $index }
organization-due-part = تظهر الأولى فقط. في التقويم المزيد منها.
organization-claims = من طالب به
organization-claimed = طولب به في { $time }
organization-keys = وقّعه
organization-first-in =
    { $count ->
        [zero] تصرّح بأنها تقدم ردًا أول خلال { $count } يوم.
        [one] تصرّح بأنها تقدم ردًا أول خلال يوم واحد ({ $count }).
        [two] تصرّح بأنها تقدم ردًا أول خلال يومين ({ $count }).
        [few] تصرّح بأنها تقدم ردًا أول خلال { $count } أيام.
        [many] تصرّح بأنها تقدم ردًا أول خلال { $count } يومًا.
       *[other] تصرّح بأنها تقدم ردًا أول خلال { $count } يوم.
    }
organization-final-in =
    { $count ->
        [zero] تصرّح بأنها تقدم ردًا نهائيًا خلال { $count } يوم.
        [one] تصرّح بأنها تقدم ردًا نهائيًا خلال يوم واحد ({ $count }).
        [two] تصرّح بأنها تقدم ردًا نهائيًا خلال يومين ({ $count }).
        [few] تصرّح بأنها تقدم ردًا نهائيًا خلال { $count } أيام.
        [many] تصرّح بأنها تقدم ردًا نهائيًا خلال { $count } يومًا.
       *[other] تصرّح بأنها تقدم ردًا نهائيًا خلال { $count } يوم.
    }
organization-break = انقطاع في السجل: لم يوقّع هذه المطالبة أي مفتاح من المطالبة السابقة.
organization-older-claims = المطالبات الأقدم بين القيود.
organization-observed =
    { $count ->
        [zero] آخر تغيّر رُئي في مفاتيحه: { $time }؛ { $count } مفتاح.
        [one] آخر تغيّر رُئي في مفاتيحه: { $time }؛ مفتاح واحد ({ $count }).
        [two] آخر تغيّر رُئي في مفاتيحه: { $time }؛ مفتاحان ({ $count }).
        [few] آخر تغيّر رُئي في مفاتيحه: { $time }؛ { $count } مفاتيح.
        [many] آخر تغيّر رُئي في مفاتيحه: { $time }؛ { $count } مفتاحًا.
       *[other] آخر تغيّر رُئي في مفاتيحه: { $time }؛ { $count } مفتاح.
    }
organization-drift = لم يكن النطاق يذكر هذه المفاتيح من أحدث مطالبة حين رُئي آخر تغيّر:
