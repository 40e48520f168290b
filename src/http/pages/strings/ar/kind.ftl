# What a kind of statement is called.
kind-agreement = اتفاق
kind-amendment = تعديل
kind-assessment = تقييم
kind-breach = التزام لم يُوفَ به
kind-erasure = محو
kind-fulfilment = التزام وُفي به
kind-policy = سياسة السجل
kind-reveal = كشف
kind-termination = إنهاء الاتفاق
kind-withdrawal = سحب
kind-not-known = بيان من نوع { $kind }
