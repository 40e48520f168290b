# What is checked of a bundle or an entry, and how a check came out.
check-name-statement = البيان
check-meaning-statement = صيغته سليمة وهو موجّه إلى هذا السجل.
check-name-signature = التوقيعات
check-meaning-signature = كل مفتاح مذكور بين الموقِّعين وقّع هذا البيان بعينه.
check-name-key = المفاتيح
check-meaning-key = كل مفتاح سليم، لا يستطيع التوقيع به إلا صاحبه.
check-name-disclosures = الكلمات
check-meaning-disclosures = الكلمات المعروضة هي التي وُقّع عليها البيان.
check-name-inclusion = الإدراج
check-meaning-inclusion = القيد جزء من الشجرة التي تغطيها نقطة التحقق.
check-name-log_signature = توقيع السجل
check-meaning-log_signature = وقّع مفتاح السجل نقطة التحقق تلك.
check-name-prev = القيد السابق
check-meaning-prev = يسمّي القيد الذي قبله بالبصمة التي يحملها ذلك القيد.
check-name-bytes = الملف
check-meaning-bytes = الحزمة والقيد والإثبات كل منها في صيغته الوحيدة.
check-name-witness_quorum = الشهود
check-meaning-witness_quorum = رأى نقطة التحقق تلك من الشهود العدد الذي تطلبه السياسة.
check-name-time_bounds = الأوقات
check-meaning-time_bounds = الأوقات المذكورة متوافقة فيما بينها.

result-verified = تم التحقق
result-failed = غير مطابق
result-not_checked = لم يُتحقق منه

outcome-verified = تم التحقق منه
outcome-failed = لا يجتاز التحقق
outcome-not_checked = تعذّر التحقق منه

checks-verified = أُجريت عمليات التحقق في هذا المتصفح، وكل ما تستند إليه مطابق.
checks-failed = ما لا يتطابق: { $names }.
checks-not_checked = لم يُعثر على ما لا يتطابق، لكن لم يمكن التحقق من كل شيء.
