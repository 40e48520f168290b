home-title = onrecord: اتفاقات في السجل العام
home-heading = اتفاقات في السجل العام
home-lead = يوقّع شخصٌ على ما اتفق عليه مع مؤسسة. ويستطيع أي أحد التحقق منه، دائمًا، دون أن يثق بمن يدير هذا السجل.
home-latest = أحدث القيود
home-with = مع { $subjects }
home-entry = القيد { $index }
home-imported = مستورد من { $source }؛ الموقِّع هو المستورِد وليس طرفًا.
home-signed-by =
    { $count ->
        [zero] بلا توقيع ({ $count })
        [one] موقَّع بمفتاح واحد ({ $count })
        [two] موقَّع بمفتاحين ({ $count })
        [few] موقَّع بـ { $count } مفاتيح
        [many] موقَّع بـ { $count } مفتاحًا
       *[other] موقَّع بـ { $count } مفتاح
    }
home-starting = ستظهر بعد لحظات: بدأ السجل العمل للتو.
home-entries-in-all =
    { $count ->
        [zero] لا قيود بعد ({ $count }).
        [one] قيد واحد إجمالًا ({ $count }).
        [two] قيدان إجمالًا ({ $count }).
        [few] { $count } قيود إجمالًا.
        [many] { $count } قيدًا إجمالًا.
       *[other] { $count } قيد إجمالًا.
    }
home-as-json = كل القيود بصيغة JSON
home-begin = في 60 ثانية
home-begin-text = باستخدام البرنامج { $program }: أنشئ مفتاحًا، واكتب اتفاقًا، ووقّعه، وانشره، ثم تحقق مما حصلت عليه.
home-begin-after = مفتاحك لا يغادر جهازك أبدًا. والحزمة التي تعود إليك تثبت القيد دون هذا الخادم؛ فاحتفظ بها. ما نُشر لا يمكن سحبه، لكن يمكن محو كلماته.
