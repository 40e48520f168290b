# What stands around every page.
frame-skip = انتقل إلى المحتوى
frame-navigation = القائمة الرئيسية
frame-ledger = السجل
frame-verify = التحقق
frame-languages = اللغات
frame-what-a-check-shows = يُظهر التحقق مَن وقّع على ماذا، وأنه مقيّد في هذا السجل. ولا يُظهر أبدًا أن الكلام صحيح.
frame-checkpoint = نقطة التحقق
frame-policy = سياسة التحقق
frame-api = واجهة البرمجة
frame-health = حالة الخدمة
frame-mirror = هذه مرآة، أي نسخة جرى التحقق منها، للسجل في
frame-mirror-publish = تُنشر التصريحات هناك.
frame-ended = انتهى هذا السجل: لا يقبل قيودًا أخرى. السجل الذي يتابع هو
frame-ended-stays = تبقى كل القيود هنا ويبقى التحقق منها ممكنًا.
frame-ended-entry = القيد الذي أنهاه

# Between the members of a list.
list-separator = {"، "}

date-day = { $day } { $month } { $year }
date-month = { $month } { $year }
date-moment = { $date }، { $time } بالتوقيت العالمي (UTC)
month-1 = يناير
month-2 = فبراير
month-3 = مارس
month-4 = أبريل
month-5 = مايو
month-6 = يونيو
month-7 = يوليو
month-8 = أغسطس
month-9 = سبتمبر
month-10 = أكتوبر
month-11 = نوفمبر
month-12 = ديسمبر
