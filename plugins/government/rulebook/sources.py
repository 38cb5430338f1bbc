"""Where the petition office's settings and clocks come from, and the units they are counted in.

A source is a msgid: it is stored as it stands here and translated where it is shown.
"""

from core.i18n import N_

ARCHIVES = N_("Rules on keeping files of public bodies 2006 (30 years, 10 years)").msgid
ARTICLE_19 = N_("Regulation on petition work 2022, article 19").msgid
ARTICLE_20 = N_("Regulation on petition work 2022, article 20").msgid
ARTICLE_20_22 = N_("Regulation on petition work 2022, articles 20 and 22").msgid
ARTICLE_21 = N_("Regulation on petition work 2022, article 21").msgid
ARTICLE_22 = N_("Regulation on petition work 2022, article 22").msgid
ARTICLE_22_23 = N_("Regulation on petition work 2022, articles 22 and 23").msgid
ARTICLE_22_23_31 = N_("Regulation on petition work 2022, articles 22, 23 and 31").msgid
ARTICLE_22_34 = N_("Regulation on petition work 2022, articles 22 and 34").msgid
ARTICLE_23 = N_("Regulation on petition work 2022, article 23").msgid
ARTICLE_31 = N_("Regulation on petition work 2022, article 31").msgid
ARTICLE_34 = N_("Regulation on petition work 2022, article 34").msgid
ARTICLE_35 = N_("Regulation on petition work 2022, article 35").msgid
ARTICLE_35_36 = N_("Regulation on petition work 2022, articles 35 and 36").msgid
ARTICLE_36 = N_("Regulation on petition work 2022, article 36").msgid
CIVIL_CODE = N_("Civil Code, articles 201 and 203").msgid
GOVERNMENT_OFFICE_2_5 = N_("Rules of a municipal government office, section 2.5").msgid
LOCAL_1 = N_("Rules of a municipal petition office, section 1").msgid
LOCAL_3 = N_("Rules of a municipal petition office, section 3").msgid
LOCAL_4 = N_("Rules of a municipal petition office, section 4").msgid
LOCAL_5 = N_("Rules of a municipal petition office, section 5").msgid
LOCAL_6 = N_("Rules of a municipal petition office, section 6").msgid
LOCAL_7 = N_("Rules of a municipal petition office, section 7").msgid
LOCAL_7_OTHERWISE = N_(
    "Rules of a municipal petition office, section 7; otherwise assignments alone"
).msgid
LOCAL_9_10 = N_("Rules of a municipal petition office, sections 9 and 10").msgid
LOCAL_10 = N_("Rules of a municipal petition office, section 10").msgid
LOCAL_12 = N_("Rules of a municipal petition office, section 12").msgid
PRACTICE = N_("Common practice; decide for your office").msgid
RECEPTION_1 = N_("Procedure of a municipal reception room, section 1").msgid
RECEPTION_3 = N_("Procedure of a municipal reception room, section 3").msgid
RECEPTION_3_4_6 = N_("Procedure of a municipal reception room, section 3.4.6").msgid
RECEPTION_3_5_3 = N_("Procedure of a municipal reception room, section 3.5.3").msgid
RECEPTION_3_5_4 = N_("Procedure of a municipal reception room, section 3.5.4").msgid

DAYS = N_("days")
WORKING_DAYS = N_("working days")
WORKING_HOURS = N_("working hours")
