thread-title = { $title }: الاتفاق وما تلاه
thread-title-with = اتفاق مع { $subjects } وما تلاه
thread-description = اتفاق مع { $subjects } وكل ما قيل عنه منذ ذلك الحين، بترتيب السجل.
thread-eyebrow = الاتفاق وما تلاه
thread-lead = الاتفاق وكل ما قيل عنه منذ ذلك الحين، بالترتيب الذي قبله به هذا السجل. وكل قيد هو ما يقوله من وقّعوه.
thread-earlier =
    { $count ->
        [zero] لا قيود بينهما ({ $count })
        [one] قيد واحد بينهما ({ $count }): اعرضه
        [two] قيدان بينهما ({ $count }): اعرضهما
        [few] { $count } قيود بينهما: اعرض آخرها
        [many] { $count } قيدًا بينهما: اعرض آخرها
       *[other] { $count } قيد بينهما: اعرض آخرها
    }
thread-newest = اعرض أحدث القيود
thread-nothing-since = لم يُقل عنه شيء منذ ذلك الحين.
thread-check = القيد { $index } مع عمليات التحقق
thread-bundle = حزمة القيد { $index }
thread-json = سلسلة القيود بصيغة JSON
