entry-number = القيد { $index }
entry-title = القيد { $index }: { $heading }
entry-description = { $kind }: مَن وقّعه، وماذا يقول، وكيف يمكن التحقق منه.
entry-description-with = { $kind }، { $subjects }: مَن وقّعه، وماذا يقول، وكيف يمكن التحقق منه.
entry-heading-with = { $kind }: { $subjects }
entry-imported = مستورد من { $source }. الموقِّع هو المستورِد وليس طرفًا فيه.

# What the signers say by a statement of a kind.
says-acceptance = يصرّح الموقّعون بأنهم يقبلون العرض.
says-agreement = يصرّح الموقِّعون بأن هذا ما اتُّفق عليه.
says-amendment = يصرّح الموقِّعون بقائمة جديدة كاملة من الالتزامات. ولا يغيّر ما هو مستحق إلا ما توقّعه جميع الأطراف.
says-assessment = يصرّح الموقِّعون بما إذا كانت المسألة قد حُلّت في رأيهم.
says-breach = يصرّح الموقِّعون بأن التزامات لم يُوفَ بها.
says-claim = يصرّح مفتاح ينشره النطاق بأنه يتحدث باسمه من الآن فصاعدًا.
says-countersignature = تصرّح المؤسسة بما إذا كانت تؤكد ما اتُّفق عليه.
says-erasure = طلب الموقِّعون حذف كلمات من قيد سابق نهائيًا. ويبقى ذلك القيد وإثباتاته كما كانت.
says-fulfilment = يصرّح الموقِّعون بأن التزامات قد وُفي بها.
says-log_keys = يسمّي مشغّل هذا السجل المفاتيح التي توقّع نقاط التحقق من الآن فصاعدًا.
says-moderation = حجب مشغّل هذا السجل كلمات أو أعادها أو محاها، ويصرّح بالسبب.
says-notice = يطلب الموقّع من المشغّل أن يحجب كلمات من قيد، ويصرّح بالسبب.
says-observation = يصرّح مشغّل هذا السجل بالمفاتيح التي كان النطاق ينشرها حين سُئل.
says-offer = تصرّح مؤسسة ليست طرفًا في الاتفاق بما ستفعله.
says-policy = يصرّح مشغّل هذا السجل بالقواعد التي تُقبل بها القيود من الآن فصاعدًا.
says-response = تصرّح المؤسسة بردّها.
says-reveal = جعل الموقِّعون كلمات مختومة من قيد سابق علنية.
says-successor = ينهي مشغّل هذا السجل السجلَّ ويسمّي السجل الذي يتابع بعده. لا يُقبل شيء بعد هذا القيد.
says-termination = يصرّح الموقِّعون بأنهم ينهون الاتفاق.
says-withdrawal = يسحب الموقِّعون جانبهم. وبعد ذلك لا يمكنهم إلا التصريح بما إذا كانت المسألة قد حُلّت.

entry-commitments = ما اتُّفق عليه
commitment-by = على عاتق
commitment-by-signer = مَن وقّعوا الاتفاق
commitment-due = الموعد

entry-facts = ما تم توقيعه
entry-admitted = قَبِله السجل
entry-claimed-at = الوقت الذي يصرّح به الموقِّعون
entry-signed-by =
    { $count ->
        [zero] بلا توقيع
        [one] موقَّع بهذا المفتاح
        [two] موقَّع بهذين المفتاحين
        [few] موقَّع بهذه المفاتيح
        [many] موقَّع بهذه المفاتيح
       *[other] موقَّع بهذه المفاتيح
    }
entry-key-is-no-name = المفتاح ليس اسمًا. ومَن يملكه ليس جزءًا من السجل، ما لم تذكره الكلمات.

entry-checks = عمليات التحقق
entry-checks-show = تُظهر عمليات التحقق أن أصحاب هذه المفاتيح وقّعوا هذا بعينه، وأنه مقيّد في هذا السجل دون تغيير. ولا تُظهر أن الكلام صحيح ولا مَن يملك المفتاح.
entry-checks-by-program = يستطيع أي أحد إجراءها دون أن يثق بهذا الخادم:

entry-stands = موضعه
entry-thread = الاتفاق وكل ما قيل عنه منذ ذلك الحين
chain-ledger = ما قبله في السجل
chain-agreement = الاتفاق
chain-thread = في سلسلة الاتفاق
chain-organization = عن { $domain }
chain-key = الموقَّع بالمفتاح { $number }
chain-first = القيد الأول
chain-place = القيد رقم { $place }، بعد
delivery-to = التسليم إلى { $domain }
delivery-not-registered = لا نقطة تسليم مسجَّلة
delivery-at = سُلِّم في { $time }
delivery-done = سُلِّم؛ ولم يعد وقت ذلك محفوظًا
delivery-not-asked = تتلقى نقطة التسليم المسجَّلة القيود ابتداءً من الرقم { $index }
delivery-unknown = سُلِّم، أو كان قبل تسجيل نقطة التسليم؛ ولا يُحفظ أيهما
delivery-waiting = نقطة التسليم مسجَّلة، والتسليم لم يتم بعد
delivery-retrying = تجري المحاولات منذ { $time } ولم يُقبل حتى الآن
delivery-ended = انتهى التسليم إلى نقطة التسليم قبل أن تقبل هذا القيد

entry-forms = للحفظ والتحقق
entry-bundle = الحزمة
entry-proof = الإثبات
entry-json = JSON
entry-bundle-proves = تضم الحزمة القيد وكلماته العلنية والإثبات. ويمكن التحقق منها دون هذا الخادم.
entry-what-is-what = معنى كل جزء في هذه الصفحة
part-of-page-entry = القيد
part-of-page-meaning-entry = ما أضافه السجل: بيان موقَّع مع رقم ووقت وبصمات القيود التي قبله.
part-of-page-statement = البيان
part-of-page-meaning-statement = ما تم توقيعه: الحقول، وبصمة لكل نص من الكلمات.
part-of-page-key = المفتاح
part-of-page-meaning-key = ما يُتحقق به من التوقيعات. ويبقى نصفه السري عند مَن وقّع.
part-of-page-words = الكلمات
part-of-page-meaning-words = نصوص ترافق البيان، بحيث يمكن أن يكون كل منها علنيًا أو مختومًا أو محجوبًا أو ممحوًّا، ويظل التوقيع صحيحًا.
part-of-page-checkpoint = نقطة التحقق
part-of-page-meaning-checkpoint = توقيع السجل على كل ما فيه حتى عدد معيّن من القيود. ولا يمكن أن يتغيّر شيء دون هذا العدد من غير أن يُلاحظ.
entry-technical = تفاصيل تقنية
technical-leaf-hash = بصمة الورقة
technical-statement-id = معرّف البيان
technical-checkpoint-size = عدد القيود التي تغطيها نقطة التحقق
technical-statement = البيان كما تم توقيعه، موزّعًا على عدة أسطر
technical-links = بصمات القيود السابقة، سلسلةً سلسلة

entry-withheld = يحجب مشغّل هذا السجل ما يقوله هذا القيد. وهو باقٍ في مكانه، وكل إثبات يتحقق.
withheld-by = حجبه مشغّل هذا السجل في { $date }. الأساس: { $ground }.
state-not-checked = لم يُتحقق منه بعد
state-sealed = مختوم
state-withheld = محجوب
state-erased = ممحوّ
state-meaning-sealed = لم يُرفع قط. ويستطيع مَن وقّع أن يجعله علنيًا لاحقًا، وعندها تُظهر البصمة أنه هو نفسه.
state-meaning-withheld = يحتفظ به السجل ولا يعرضه.
state-meaning-erased = حُذف نهائيًا. وكل ما عداه ما زال قابلًا للتحقق.

word-title = العنوان
word-commitment = الالتزام { $number }
word-evidence = المستند { $number }
word-narrative = ما حدث
word-note = ملاحظة
word-rules = القواعد
word-signer_name = الاسم الذي يذكره الموقِّع
word-terms = الشروط
word-contact = جهة الاتصال
word-delay_reason = سبب التأخير
word-explanation = الشرح
word-facts = الوقائع
word-legal_name = الاسم القانوني كما تذكره المؤسسة
word-price = السعر
word-other = الجزء { $name }
word-not-known = كلمات لم يعد اسمها معروفًا
part-bytes = الحجم
part-bytes-count =
    { $count ->
        [zero] { $count } بايت
        [one] { $count } بايت
        [two] { $count } بايت
        [few] { $count } بايتات
        [many] { $count } بايتًا
       *[other] { $count } بايت
    }
part-label = الوصف
part-media_type = النوع
part-salt = الملح
part-sha256 = SHA-256
part-title = العنوان
part-url = عنوان الموقع

field-again = هل يتفق معها مرة أخرى
field-agreed_on = تاريخ الاتفاق
field-basis = كيف اتُّفق عليه
field-by = مَن يُجري التعديل
field-commitment_numbers = أرقام الالتزامات
field-decision = القرار
field-desired_outcome = المطلوب
field-digests = الكلمات المعنية
field-document_sha256 = بصمة SHA-256 للمستند
field-domain = صرّحت به المؤسسة
field-effective = يسري من
field-expected_final_by = الرد النهائي متوقع قبل
field-expires = ساري حتى
field-extent = إلى أي حد
field-final_days = مهلة الرد النهائي
field-ground = الأساس
field-imported_from = مستورد من
field-keys = المفاتيح التي ينشرها النطاق
field-lang = لغة الكلمات
field-method = كيف سُئل
field-observed = النطاق الذي سُئل
field-occurred_on = متى
field-offers = عروض من مؤسسات أخرى
field-operator_keys = مفاتيح المشغّل
field-vkeys = المفاتيح التي توقّع نقاط التحقق
field-outcome = ما ينتج عنه
field-origin = السجل الذي يتابع
field-predecessor = السجل السابق لهذا السجل
field-re = القيد المعني
field-reason = السبب
field-reserved_domains = تُقبل أسماء النطاقات المحجوزة للأمثلة
field-resolved = هل حُلّت المسألة
field-response_days = مهلة الرد
field-role = من يطلب
field-satisfaction = الرضا
field-since = منذ
field-source = ما أدى إليه
field-stage = المرحلة
field-subjects = مع
field-verdict = الحكم

token-basis-written = كتابةً
token-basis-online_terms = بشروط على موقع إلكتروني
token-basis-spoken = شفهيًا
token-basis-chat = في محادثة نصية
token-basis-statutory = بحكم القانون
token-basis-myterms = بشروط وضعها الشخص
token-by-mutual = جميع الأطراف
token-by-unilateral = طرف واحد
token-desired_outcome-explanation = توضيح
token-desired_outcome-refund = استرداد المبلغ
token-desired_outcome-credit = رصيد
token-desired_outcome-repair = إصلاح
token-desired_outcome-replacement = استبدال
token-desired_outcome-correction = تصحيح
token-desired_outcome-apology = اعتذار
token-desired_outcome-policy_change = تغيير في السياسة
token-desired_outcome-none = لا شيء
token-extent-full = بالكامل
token-extent-partial = جزئيًا
token-offers-welcome = مرحّب بها
token-offers-closed = غير مرغوب فيها
token-reason-privacy = الخصوصية
token-reason-mistake = خطأ
token-reason-other = سبب آخر
token-resolved-yes = نعم
token-resolved-partly = جزئيًا
token-resolved-no = لا
token-decision-withheld = حُجب
token-decision-restored = أُعيد
token-decision-erased = مُحي
token-ground-privacy = الخصوصية
token-ground-defamation = التشهير
token-ground-court_order = أمر قضائي
token-ground-impersonation = انتحال الهوية
token-ground-illegal = مخالفة القانون
token-ground-copyright = حقوق النشر
token-ground-spam = رسائل مزعجة
token-method-https = عبر https
token-method-dns = في نظام DNS
token-method-both = عبر https وفي نظام DNS
token-outcome-explanation = تفسير
token-outcome-refund = رد المبلغ
token-outcome-credit = رصيد
token-outcome-repair = إصلاح
token-outcome-replacement = استبدال
token-outcome-correction = تصحيح
token-outcome-apology = اعتذار
token-outcome-policy_change = تغيير السياسة
token-outcome-none = لا شيء
token-reason-not_our_customer = ليس عميلًا لهذه المؤسسة
token-reason-wrong_organization = المقصود مؤسسة أخرى
token-reason-duplicate = مسجّل من قبل
token-reason-terms_differ = اتُّفق على شروط أخرى
token-role-subject_person = الشخص الذي تخصّه الكلمات
token-role-organization = مؤسسة
token-role-authority = سلطة
token-role-other = شخص آخر
token-source-notice = إخطار
token-source-own_initiative = مراجعة المشغّل نفسه
token-source-author = كاتبها
token-source-court = محكمة
token-stage-acknowledged = أُقرّ بالاستلام
token-stage-in_progress = قيد المعالجة
token-stage-final = نهائي
token-verdict-confirmed = مؤكَّد
token-verdict-partly = مؤكَّد جزئيًا
token-verdict-declined = مرفوض
words-none = لا شيء: القيد نفسه
answer-yes = نعم
answer-no = لا
days =
    { $count ->
        [zero] { $count } يوم
        [one] يوم واحد ({ $count })
        [two] يومان ({ $count })
        [few] { $count } أيام
        [many] { $count } يومًا
       *[other] { $count } يوم
    }
of-five = { $number } من 5
