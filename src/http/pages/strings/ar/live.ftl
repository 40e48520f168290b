# The page of the newest entries, as they come.
live-title = مباشر: ما يُسجَّل الآن
live-description = أحدث قيود هذا السجل، وعدد ما يصل منها أثناء قراءتك.
live-heading = مباشر
live-domain = الجهة (اسم النطاق)
live-kind = النوع
live-every-kind = كل الأنواع
live-follow = متابعة
live-newest = أحدث القيود
live-without-script = هذه القائمة لا تتغير من تلقاء نفسها.
live-again = اعرض أحدث القيود
live-nothing = ليس بين أحدث القيود ما هو من هذا النوع أو يذكر هذا النطاق.
live-programs = هكذا يتابع برنامج السجل ويفحص كل قيد عند وصوله:
live-script-connected = تُعَدّ القيود الجديدة هنا عند وصولها.
live-script-lost = انقطع الاتصال بالسجل. تُعاد المحاولة تلقائيًا، ولن يفوتك شيء.
live-script-new = الجديد: { $count }. اعرضه
live-script-erased = القيد { $index }: مُحيت كلماته للتو
