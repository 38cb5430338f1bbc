"""What stands on the office's papers: one vocabulary for all kinds, each with a sample.

A sample's form is the field's form: a text, paragraphs (tuple of texts), rows (tuple of tuples).
"""

from dataclasses import replace

from core.documents.facts import DocumentField, Value
from core.documents.qr import svg
from core.i18n import N_, Message


def _field(name: str, label: Message, sample: Value) -> DocumentField:
    return DocumentField(name=name, label=label, sample=sample)


_ALL = (
    # Whom and what it is about.
    _field("to", N_("Addressee of the paper"), "周建国、李秀兰"),
    _field("cc", N_("Copies to"), "东河县信访局"),
    _field("matter_number", N_("Number of the item"), "2026-000412"),
    _field("title", N_("Matter in short"), "关于城东安置房工地拖欠工资的问题"),
    _field("petitioner", N_("Petitioner"), "周建国等5人"),
    _field("phone", N_("Petitioner's phone"), "13907940001"),
    _field("address", N_("Petitioner's address"), "东河县城关镇解放路12号"),
    _field("document", N_("Petitioner's document"), "居民身份证 362501197003121016"),
    _field("sex", N_("Petitioner's sex"), "男"),
    _field("birth_year", N_("Year of birth"), "1970年（56岁）"),
    _field("occupation", N_("Occupation"), "建筑工人"),
    _field("politics", N_("Political status"), "群众"),
    _field("employer", N_("Petitioner's employer"), "宏远建筑劳务公司"),
    _field("belonging", N_("Where the petitioner belongs"), "内地居民"),
    _field("representatives", N_("Representatives, at most five"), "周建国、李秀兰、王长顺"),
    _field("heads", N_("How many persons came"), "5"),
    _field("channel", N_("How it was raised"), "走访"),
    _field("purpose", N_("Purpose of the petition"), "求决"),
    _field("frequency", N_("First or repeated"), "初访"),
    _field("size", N_("Single or group"), "集体访"),
    _field("skip_level", N_("Raised above the competent level, and why"), "否"),
    _field("subject", N_("Subject of the petition"), "劳动社保／劳动报酬／拖欠工资"),
    _field("place", N_("Where the problem lies"), "东河县"),
    _field("received_on", N_("Day it was raised"), "2026年11月23日"),
    _field("reception_place", N_("Where it was registered"), "临川市人民来访接待大厅"),
    _field("interview_number", N_("Number of the interview"), "2026-接-0057"),
    _field("envelope", N_("Envelope and stamp of the letter"), ""),
    _field("received_at", N_("Day and time of the visit"), "2026年11月23日 9时15分"),
    _field("receivers", N_("Received by (two of the staff)"), "刘敏、陈志强"),
    _field(
        "facts",
        N_("Facts and reasons"),
        (
            "2026年3月至9月，周建国等5人在城东安置房二期工地做木工，与宏远建筑劳务公司约定日工资280元。",
            "工程已于9月20日完工，工资共计14.6万元至今未付；10月以来多次催要，公司以总包单位未拨款为由推脱。",
        ),
    ),
    _field("demand", N_("Concrete demand"), ("要求宏远建筑劳务公司支付拖欠的工资14.6万元。",)),
    _field("materials", N_("Material handed in"), "考勤表复印件3页、欠条复印件1页"),
    _field(
        "earlier", N_("Raised elsewhere before"), "2026年10月向东河县劳动监察大队反映，尚无结果"
    ),
    _field("earlier_opinion", N_("Whether an opinion exists"), "无"),
    _field(
        "suggestion",
        N_("Handling suggested"),
        "建议转送东河县人民政府，由其人社部门办理。",
    ),
    _field("approval", N_("What leaders decided"), ""),
    # The interview.
    _field("started", N_("Interview began"), "2026年11月23日 9时30分"),
    _field("ended", N_("Interview ended"), "10时20分"),
    _field("interview_place", N_("Place of the interview"), "来访接待大厅第二接谈室"),
    _field("interviewers", N_("Interviewers"), "刘敏（接谈）、陈志强（记录）"),
    _field("identity", N_("How identity was checked"), "查验居民身份证原件，人证相符"),
    _field(
        "history",
        N_("History of the petition"),
        ("首次到市里来访，未曾走过信访、诉讼、仲裁程序。",),
    ),
    _field(
        "record",
        N_("Questions and answers"),
        (
            "问：请说明反映的具体问题。",
            "答：我们5个人在城东安置房二期做木工，工资14.6万元一直没给。",
            "问：有没有劳动合同、考勤等材料？",
            "答：没有签合同，有班组考勤表和公司负责人写的欠条。",
            "问：有没有向劳动监察部门投诉或者申请仲裁？",
            "答：10月到县劳动监察大队反映过，还没有答复，没有申请仲裁。",
        ),
    ),
    _field("conduct", N_("Abnormal words or acts"), "无"),
    _field(
        "outcome",
        N_("What was agreed at the end"),
        ("已当面告知程序和时限，信访人愿意回当地等候。",),
    ),
    # Notices.
    _field("handler", N_("Who handles it"), "东河县人力资源和社会保障局"),
    _field("handle_days", N_("Days to handle it"), "60"),
    _field("extend_days", N_("Days it may be extended by"), "30"),
    _field("due_on", N_("To be finished by"), "2027年1月22日"),
    _field("ground", N_("Ground"), "反映的事项属于劳动争议，应当依法通过劳动人事争议仲裁程序处理"),
    _field("basis", N_("Legal basis"), "《信访工作条例》第三十一条"),
    _field("competent_body", N_("Competent body"), "东河县劳动人事争议仲裁委员会"),
    _field(
        "competent_address",
        N_("Where the competent body is"),
        "东河县城关镇人民路8号，电话0794-5550123",
    ),
    _field("oral_at", N_("When it was told"), "2026年11月30日 10时05分"),
    _field(
        "written_notice",
        N_("The written notice given before"),
        "信访不受告〔2026〕12号（2026年11月23日）",
    ),
    _field(
        "said",
        N_("What was told orally"),
        (
            "同一事项已于2026年11月23日书面告知不予受理及理由，本次不再出具书面告知书，仍请依法向劳动人事争议仲裁机构提出。",
        ),
    ),
    _field("reaction", N_("How the petitioner took it"), "信访人表示知晓，未在记录上签名。"),
    _field("old_due", N_("Time limit until now"), "2027年1月22日"),
    _field("new_due", N_("Time limit from now on"), "2027年2月21日"),
    _field("extension", N_("Days of the extension"), "30"),
    _field("reason", N_("Reason"), "涉及工人较多，工资数额需要逐笔核对，总包单位账目正在审计"),
    _field("approved_by", N_("Approved by whom"), "本机关负责人"),
    _field("contact", N_("Whom to call"), "来访接待室　刘敏　0794-5551234"),
    _field("query_code", N_("Code to ask with"), "7K3Q-X2ZP-9M4T"),
    _field("query_address", N_("Address of the query page"), "https://xf.linchuan.example/q"),
    _field("qr", N_("QR code of the query page (SVG)"), svg("https://xf.linchuan.example/q")),
    _field("hours", N_("Reception hours"), "工作日 8:30—12:00，14:30—17:30"),
    # Between offices.
    _field("unit", N_("Receiving unit"), "东河县人民政府"),
    _field(
        "unit_address", N_("Where the unit is"), "东河县城关镇府前路1号　东河县信访局来访接待窗口"
    ),
    _field("unit_phone", N_("The unit's phone"), "0794-5560001"),
    _field("source", N_("Where the item came from"), "本室接待"),
    _field(
        "instruction", N_("What a leader wrote"), "请东河县认真核查，尽快解决。　王立新　11月23日"
    ),
    _field("object_days", N_("Working days to object within"), "5"),
    _field("inform_days", N_("Days to inform the petitioner within"), "15"),
    _field("report_by", N_("To report back by"), "2026年12月23日"),
    _field(
        "requirements",
        N_("Requirements"),
        (
            "明确责任单位、责任人，及时约见信访人，听取陈述，核清欠薪人数和数额；",
            "依法督促用人单位和总包单位支付工资，出具处理意见书并送达信访人；",
            "按期报送办结报告，附处理意见书、送达回证和信访人意见。",
        ),
    ),
    _field("enclosures", N_("Enclosures"), ("信访材料复印件4页", "来访登记表")),
    _field("reference", N_("Number of the paper it refers to"), "信访交〔2026〕8号"),
    _field("reference_on", N_("Day of the paper it refers to"), "2026年11月23日"),
    _field("times", N_("Which time it is"), "第1次"),
    _field(
        "findings",
        N_("What was found"),
        ("该事项已超过规定期限12日，至今未报送办结报告，也未说明理由。",),
    ),
    _field(
        "proposals",
        N_("Proposals: improve work, complete policy, call to account"),
        (
            "请县政府主要负责同志亲自过问，限期办结；",
            "对无故拖延的责任单位和责任人依照规定处理，并书面反馈采纳情况。",
        ),
    ),
    _field("aim", N_("Which of the three recommendations it is"), "改进工作"),
    _field("person_in_charge", N_("Person in charge"), "县人社局　赵一鸣　0794-5560088"),
    _field(
        "process",
        N_("How it was handled"),
        (
            "2026年11月26日约见信访人，12月1日约谈宏远建筑劳务公司和总包单位，核对考勤和欠条。",
            "12月10日三方签订支付协议，12月15日工资14.6万元全部支付到个人账户。",
        ),
    ),
    _field("result", N_("Result of the handling"), ("诉求合理，予以支持，拖欠的工资已全部付清。",)),
    _field(
        "measures",
        N_("Measures to carry it out"),
        ("责成总包单位落实工资专户制度，由县人社局按月核查。",),
    ),
    _field("attended", N_("Units that came"), ("东河县人民政府", "市人力资源和社会保障局")),
    _field(
        "minutes",
        N_("Minutes of the meeting"),
        (
            "会议听取了东河县人民政府关于城东安置房二期欠薪情况的汇报，核对了考勤表和欠条。",
            "与会单位一致认为，欠薪事实清楚，应当由施工总承包单位先行清偿。",
        ),
    ),
    _field(
        "agreed",
        N_("What was agreed, by whom and by when"),
        (
            "东河县人民政府：督促总包单位先行清偿（2026年12月15日前）",
            "市人力资源和社会保障局：核查工资专户执行情况（2026年12月20日前）",
        ),
    ),
    _field(
        "signatures",
        N_("Signatures: on what, name, opinion, day"),
        (
            ("转交办前", "刘敏", "拟交东河县人民政府办理，请领导审示。", "2026年11月23日"),
            ("", "张卫东", "同意", "2026年11月24日"),
        ),
    ),
    _field(
        "instructions",
        N_("What leaders wrote"),
        ("请东河县认真核查，尽快解决。　王立新",),
    ),
    _field("petitioner_opinion", N_("The petitioner's opinion of it"), "满意，同意息诉。"),
    # A leader's reception day.
    _field("position", N_("Number of the booking"), "3"),
    _field("leader", N_("Leader who receives"), "王立新　市信访局局长"),
    _field("sections", N_("Units whose heads are there"), "市人社局、东河县人民政府"),
    # Opinions.
    _field(
        "items",
        N_("Matters raised, one by one"),
        ("反映宏远建筑劳务公司拖欠工资14.6万元，要求支付。",),
    ),
    _field("forwarded_by", N_("Forwarded by"), "临川市信访局"),
    _field("forwarded_on", N_("Received from there on"), "2026年11月25日"),
    _field("accepted_on", N_("Accepted on"), "2026年11月26日"),
    _field(
        "findings_of_fact",
        N_("Facts established"),
        (
            "经查，周建国等5人2026年3月至9月在城东安置房二期工地从事木工作业，宏远建筑劳务公司尚欠工资14.6万元，有考勤表、欠条和公司陈述为证。",
        ),
    ),
    _field(
        "law",
        N_("Law and policy applied"),
        (
            "《保障农民工工资支付条例》第三条规定，农民工有按时足额获得工资的权利；第三十条规定，分包单位拖欠农民工工资的，由施工总承包单位先行清偿，再依法进行追偿。",
        ),
    ),
    _field("verdict", N_("Supported, explained, not supported"), "支持"),
    _field(
        "opinion",
        N_("Opinion on each matter"),
        ("责成总包单位先行清偿，已于12月15日支付完毕。",),
    ),
    _field(
        "reply",
        N_("Text of the reply"),
        ("您反映的工资问题，县人社局已于12月15日监督支付完毕。感谢您对我们工作的信任和支持。",),
    ),
    _field("review_body", N_("Where to ask for review"), "东河县人民政府"),
    _field("review_days", N_("Days to ask for review"), "30"),
    _field("level", N_("Review or re-review"), "复查"),
    _field("answer_days", N_("Days to answer within"), "30"),
    _field("applied_on", N_("Day review was asked for"), "2026年12月20日"),
    _field("opinion_unit", N_("Whose opinion is reviewed"), "东河县人力资源和社会保障局"),
    _field("opinion_number", N_("Number of that opinion"), "东人社信处〔2026〕6号"),
    _field("opinion_on", N_("Day of that opinion"), "2026年12月16日"),
    _field("review_number", N_("Number of the review opinion"), "东府信复查〔2027〕2号"),
    _field("review_on", N_("Day of the review opinion"), "2027年1月18日"),
    _field(
        "claims",
        N_("What is claimed in the review"),
        ("认为工资数额少算2000元，请求变更处理意见。",),
    ),
    _field("decision", N_("Upheld, changed, revoked"), "维持"),
    _field(
        "decision_text",
        N_("Decision in words"),
        ("原处理意见认定事实清楚，适用依据正确，予以维持。",),
    ),
    # Lists.
    _field("period", N_("Period"), "2026年11月23日至11月27日"),
    _field("rows", N_("Lines of the list"), ()),
    _field("volume", N_("Number of the file"), "2026-专-0018"),
    _field("year", N_("Year of the file"), "2026"),
    _field("keeping", N_("Kept for how long"), "长期（30年）"),
    _field("pages", N_("Pages in all"), "46"),
    _field("sorting", N_("Kind of file"), "专卷"),
    _field("filed_by", N_("Filed by"), "何文静"),
    _field("filed_on", N_("Day of filing"), "2027年3月2日"),
    _field("approved_on", N_("Day of approval"), "2026年12月28日"),
    _field("destroyed_by", N_("Destroyed by (two persons)"), "刘敏、陈志强"),
    _field("supervised_by", N_("Supervised by"), "何文静"),
    _field("method", N_("How it was destroyed"), "碎纸后送定点单位销毁"),
    _field("list_number", N_("Number of the list"), ""),
    _field("handed_on", N_("Handed over on"), ""),
    _field("handed_by", N_("Files handed over by"), ""),
    _field("taken_by", N_("Taken over by (archives office)"), ""),
    _field("total", N_("Files handed over"), ""),
    # Reports.
    _field("secrecy", N_("Grade of secrecy"), "内部"),
    _field("heading", N_("Heading of the report"), "2026年11月全市来访情况分析"),
    _field(
        "overview",
        N_("Overview"),
        (
            "11月，市信访局来访接待室共接待群众来访126批418人次，批次环比上升8.6%，人次环比下降3.2%；其中集体访14批231人次。",
        ),
    ),
    _field("table_title", N_("Title of the table"), "按内容分类"),
    _field(
        "more_rows",
        N_("Further tables: a title alone, heads, lines"),
        (
            ("按信访形式",),
            ("类别", "件次", "批次", "人次"),
            ("走访", "126", "126", "418"),
            ("来信", "58", "0", "0"),
            ("合计", "184", "126", "418"),
        ),
    ),
    _field(
        "table_heads",
        N_("Heads of the table"),
        ("类别", "批次", "人次", "环比（批次）", "同比（批次）"),
    ),
    _field(
        "table_rows",
        N_("Rows of the table"),
        (
            ("劳动社保", "38", "126", "+11.8%", "+5.6%"),
            ("城乡建设", "31", "142", "+6.9%", "-3.1%"),
            ("自然资源", "22", "64", "-4.3%", "-12.0%"),
            ("其他", "35", "86", "+9.4%", "+2.9%"),
            ("合计", "126", "418", "+8.6%", "+0.8%"),
        ),
    ),
    _field("chart", N_("Chart (SVG)"), ""),
    _field(
        "problems",
        N_("Prominent problems"),
        ("（一）年底欠薪问题集中，共38批126人次，涉及3个在建项目。",),
    ),
    _field(
        "outlook",
        N_("Outlook"),
        ("预计春节前欠薪类来访仍将上升，主要在城东安置房等项目。",),
    ),
    _field(
        "advice",
        N_("Proposals of the report"),
        ("建议对在建项目工资专户开展一次专项检查。",),
    ),
    _field("follow_up", N_("Follow-up of which report"), ""),
    _field("signed_by", N_("Signed for issue by"), "张卫东"),
    _field("editor", N_("Edited by"), "何文静"),
)
FIELDS = {field.name: field for field in _ALL}


def pick(*names: str, needed: tuple[str, ...] = ()) -> tuple[DocumentField, ...]:
    """Return these fields; those that are needed cannot be left empty."""
    return tuple(replace(FIELDS[name], required=name in needed) for name in names)


def sampled(name: str, sample: Value, *, required: bool = False) -> DocumentField:
    """Return a field with a sample of its own."""
    return replace(FIELDS[name], sample=sample, required=required)
