# An entry in a list.
line-imported = مستورد من { $source }؛ الموقِّع هو المستورِد وليس طرفًا.
line-signed-by =
    { $count ->
        [zero] بلا توقيع ({ $count })
        [one] موقَّع بمفتاح واحد ({ $count })
        [two] موقَّع بمفتاحين ({ $count })
        [few] موقَّع بـ { $count } مفاتيح
        [many] موقَّع بـ { $count } مفتاحًا
       *[other] موقَّع بـ { $count } مفتاح
    }
