# How a thread stands: what its entries and the calendar add up to.
standing-heading = الوضع الحالي
standing-as-of = حتى { $time }. يُستنتج هذا من القيود والتقويم وحدهما. يقول ما صُرِّح به وما هو مستحق، لا ما هو صحيح.
standing-next = الموعد التالي: { $what }، حتى { $day }.
standing-no-next = لا شيء مستحق في يوم قادم.
standing-left-out =
    { $count ->
        [zero] لا توجد تعديلات أو إخلالات أو عروض أقدم.
        [one] تعديل أو إخلال أو عرض أقدم واحد ({ $count }) موجود في صيغة JSON.
        [two] تعديلان أو إخلالان أو عرضان أقدم ({ $count }) في صيغة JSON.
        [few] { $count } تعديلات وإخلالات وعروض أقدم موجودة في صيغة JSON.
        [many] { $count } تعديلًا وإخلالًا وعرضًا أقدم في صيغة JSON.
       *[other] { $count } تعديل وإخلال وعرض أقدم في صيغة JSON.
    }
standing-signers = الموقّعون
standing-task-keep = التعهد { $number }، على { $by }
standing-task-first-response = الرد الأول من { $by } على القيد { $number }
standing-task-final-response = الرد النهائي من { $by } على القيد { $number }
standing-task-accept = انتهاء العرض في القيد { $number }

standing-agreement = الاتفاق، { $domain }
standing-amendment = التعديل في القيد { $index }، { $domain }
standing-one-sided = من طرف واحد: لم يُسجَّل أي موقف
standing-confirmed = مؤكَّد
standing-partly-confirmed = مؤكَّد جزئيًا
standing-declined = مرفوض

standing-commitment = التعهد { $number }، على { $by }
standing-open = مفتوح، دون يوم محدد
standing-open-until = مفتوح، مستحق في { $day }
standing-due-soon = مستحق قريبًا، حتى { $day }
standing-overdue = متأخر: لم يُسجَّل شيء، كان مستحقًا في { $day }
standing-kept =
    { $who ->
        [debtor] نُفِّذ، كما يصرّح { $by }
       *[signers] نُفِّذ، كما يصرّح الموقّعون
    }
standing-kept-on-time =
    { $who ->
        [debtor] نُفِّذ في موعده، كما يصرّح { $by }
       *[signers] نُفِّذ في موعده، كما يصرّح الموقّعون
    }
standing-kept-late =
    { $who ->
        [debtor] نُفِّذ بعد يومه الأخير، كما يصرّح { $by }
       *[signers] نُفِّذ بعد يومه الأخير، كما يصرّح الموقّعون
    }
standing-partly-kept =
    { $who ->
        [debtor] نُفِّذ جزئيًا، كما يصرّح { $by }
       *[signers] نُفِّذ جزئيًا، كما يصرّح الموقّعون
    }
standing-broken = لم يُنفَّذ، كما يصرّح الموقّعون
standing-contested = موضع خلاف: يصرّح { $by } بأكثر من ذلك في القيد { $index }.

standing-breach = الإخلال في القيد { $index }، { $domain }
standing-awaiting = لم يُسجَّل رد، مستحق في { $day }
standing-first-overdue = متأخر: لم يُسجَّل رد، كان مستحقًا في { $day }
standing-long-overdue = متأخر منذ مدة: لم يُسجَّل رد، كان الأول مستحقًا في { $day } والنهائي في { $last }
standing-acknowledged = أُقِرّ بالاستلام؛ الرد النهائي مستحق في { $day }
standing-final-overdue = أُقِرّ بالاستلام؛ متأخر: لم يُسجَّل رد نهائي، كان مستحقًا في { $day }
standing-in-progress = قيد المعالجة حتى { $day }
standing-in-progress-overdue = قيد المعالجة؛ متأخر: لم يُسجَّل رد نهائي، كان متوقعًا حتى { $day }
standing-final = سُجِّل رد نهائي
standing-final-outcome = النتيجة، كما تصرّح المؤسسة: { $outcome }.

standing-outcome = النتيجة كما يراها الموقّعون
standing-resolved = حُلّ
standing-partly-resolved = حُلّ جزئيًا
standing-not-resolved = لم يُحلّ
standing-unassessed = لم يُسجَّل أي تقييم

standing-offer = عرض من { $domain }
standing-offer-live = مفتوح حتى { $day }
standing-offer-expired = منتهٍ، كان مفتوحًا حتى { $day }
standing-offer-accepted = مقبول

standing-end = النهاية
standing-withdrawn = سحبه الموقّعون في { $day }
standing-terminated = صُرِّح بالإنهاء
standing-terminated-on = صُرِّح بالإنهاء، اعتبارًا من { $day }

standing-replies = الردود
standing-reply = ردّ { $domain }
