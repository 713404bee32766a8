"""Cues: the wordings by which steps of one kind are known. English; each pattern is compiled once.

A cue says what a sentence looks like; `roles` decides, knowing also which values are new in it.

    INTENT.search("Maybe I should convert the units")       # says what will be done next
    OPINION.search("That seems too high")                   # judges what was done before
"""

import re
from typing import NamedTuple


class Cue(NamedTuple):
    """A pattern, and a hint: pieces of words, one of which stands wherever it matches. Most texts stop at the hint."""

    pattern: re.Pattern[str]
    hint: re.Pattern[str]

    def search(self, text: str) -> re.Match[str] | None:
        """The first place where the cue stands."""
        return self.pattern.search(text) if self.hint.search(text.lower()) else None


def _cue(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


def _hinted(hints: str, pattern: str) -> Cue:
    return Cue(_cue(pattern), re.compile("|".join(map(re.escape, hints.split(",")))))


LABEL = _cue(
    r"^(?:[-*•>]\s+|\*\*|\#{1,3}\s+)*(?:\(?\d{1,3}(?:[.:]|\))(?:\s+|\*\*)|\#\d+\.?\s*)?(?:\(by[^)]*\)\s*)?(?:\**(?:step|case)\s+\d+\s*[:.)-]*\**\s*){0,2}[\s*_]*"
)
"""What stands before a step's own words: bullets, numbers, "#5. (by #2) Step 1:", "Case 2:"."""

OPENING = _cue(
    r"""(?:(?:so|and|but|ok(?:ay)?|now|hmm+|oh|ah|well|alright|right|yes|yeah|yep|no|then|good|great|perfect|nice|sure
    |also|anyway|again|next|finally|lastly|first|firstly|second(?:ly)?|third(?:ly)?|however|therefore|thus|hence
    |consequently|specifically|in\s+fact|actually|wait(?:\s+a\s+(?:minute|second|moment))?|hold\s+on|hang\s+on|oops
    |whoops|let['’]s\s+see|let\s+me\s+see|in\s+other\s+words|to\s+be\s+(?:sure|thorough)|just|because|since)
    \b[\s,.!…:—-]*){0,6}"""
)
"""The markers before a sentence's own clause: "Okay, but wait, "."""
HESITATES = _cue(r"\b(?:wait|hmm+|hold\s+on|hang\s+on|oops|whoops)\b")
DRAWS = _cue(r"\b(?:therefore|thus|hence|consequently)\b")
"""What begins a conclusion, though its words have been said before; "so" may begin any sentence."""
CONCLUDES = _cue(r"\b(?:so|therefore|thus|hence|consequently|then)\b")
CHATS = _cue(r"^(?:ok(?:ay)?|oh|ah|well|alright|right|yes|yeah|yep|good|great|perfect|nice|sure)\b[\s,.!…]*$")

_DEGREE = r"""(?:(?:not|n't|quite|really|very|pretty|a\s+bit|a\s+little|so|too|all|still|also|indeed|actually|rather
    |somewhat|extremely|totally|entirely|exactly|definitely|probably|perfectly|super|completely|fully|getting)\s+){0,3}"""
_JUDGED = r"""(?:right|correct|wrong|incorrect|accurate|fine|good|ok(?:ay)?|reasonable|plausible|consistent|valid
    |impossible|unlikely|odd|off|strange|weird|suspicious|confusing|complicated|tricky|messy|unclear|frustrating
    |straightforward|surprising|interesting|counterintuitive|contradictory|promising|negligible
    |(?:high|low|large|small|big|close|much|little)(?=\s*[.,!?]|$|\s+(?:for|but|to))|a\s+contradiction)"""
OPINION = _hinted(
    "right,correct,wrong,accura,fine,good,ok,reasonab,plausib,consist,valid,impossib,unlikely,odd,"
    "off,strange,weird,suspic,confus,complic,trick,mess,unclear,frustrat,straight,surpris,interest,"
    "counter,contradict,promis,neglig,high,low,large,small,big,close,much,little,sense,doesn,don,"
    "check,work,add,expect,confirm,match,agree,that's,that’s,that is",
    rf"""\b(?:that|this|it|which|everything|(?:the|my|our|this|that)\s+(?:\w+\s+)?(?:answers?|results?|values?|calculations?|approach
       |reasoning|work|method|formula))
      (?:['’]s|\s+(?:is|are|was|must\s+be|can['’]?t\s+be|cannot\s+be|should\s+be|seems?|looks?|sounds?|feels?
        |appears?)(?:\s+to\s+be)?)\s+{_DEGREE}{_JUDGED}\b
    |^(?:seems?|looks?|sounds?)\s+{_DEGREE}(?:like\s+)?{_JUDGED}\b|^{_DEGREE}close\b
    |\b(?:makes?|making|made)\s+(?:\w+\s+)?sense\b
    |\bdo(?:es)?n['’]?t\s+(?:really\s+|quite\s+)?(?:seem|look|make\s+sense|work|add\s+up|match|fit|help|hold|agree)\b
    |\bchecks\s+out\b|\badds\s+up\b|\bworks\s+out\b(?!\s+to)|\bas\s+expected\b|\b(?:that|this|it)\s+(?:confirms|checks|matches|agrees)\b
    |\bwhich\s+(?:confirms|matches|agrees|checks)\b
    |^that(?:['’]s|\s+is)\s+(?:it|all|everything)(?:\s+(?:i|we)\s+need\w*)?\s*[.!]|\bi\s+think\s+that['’]s\s+(?:it|all)\b""",
)
"""A judgment on what was done: "That seems too high", "It makes sense"."""
UNSURE = _hinted(
    "i'm,i’m,i am,i do,i can,i didn,wonder,doubt,worry,hope,guess,sure,certain,i might,i may,i must,"
    "i could,i probably,i think i,i made,i have made,careful,cautious,precise,rigorous,there's,"
    "there’s,there is,there must",
    r"""\bi(?:['’]m|\s+am)\s+(?:\w+\s+){0,3}?(?:sure|certain|confident|confused|stuck|wondering|missing|mixing|lost|tangled
      |fuzzy|overcomplicating|overthinking|worried|unsure|familiar|rusty|making)\b
    |\bi\s+(?:don['’]?t|do\s+not|can['’]?t|cannot|didn['’]?t)\s+(?:\w+\s+)?(?:know|remember|recall|understand|see\s+(?:how|why|any)
      |have\s+(?:access|any|enough|it)|find|think\s+(?:so|that|this|it)|compute)\b
    |\bi\s+(?:wonder|doubt|worry|hope|guess)\b|\b(?:not|hard\s+to\s+be|are\s+we)\s+(?:\w+\s+)?(?:sure|certain)\b
    |\bi\s+(?:might|may|must|could|probably)\s+(?:be|have)\s+(?:\w+ing|wrong|missed|made|misread|forgotten|mis\w+)\b
    |\bi\s+(?:think\s+i(?:['’]m|\s+am|['’]ve)|made|have\s+made)\s
    |\bbe\s+(?:\w+\s+)?(?:careful|cautious|more\s+(?:precise|rigorous|careful))\b|\bthere['’]s\s+(?:something|a\s+(?:better|mistake))\b
    |\bthere(?:\s+is|\s+must\s+be)\s+(?:something\s+(?:wrong|off)|a\s+(?:better|mistake))\b""",
)
"""A state of mind about what was done: "I'm not sure about this"."""
ASKS_BACK = _cue(
    r"""^(?:is|are|was|does|do|did|am|have|could|can)\b.{0,60}\b(?:right|correct|wrong|sense|mistake|sure|missing|miss|true
      |possible|contradict\w*)\b.{0,20}\?|^(?:right|really|correct|true)\s*\?"""
)
"""A question about what was done: "Does that sound right?"."""
MISTAKE = _hinted(
    "mistake,wrong,right,correct,rror,slip,oops,misc,misread,messed,forgot,not",
    r"""\bmistakes?\b
    |\bthat(?:['’]s|\s+is|\s+was|\s+can['’]?t\s+be|\s+cannot\s+be)\s+(?:(?:a\s+)?(?:wrong|incorrect|error|slip)|not\s+(?:right|correct))
    |\bthat(?:\s+can['’]?t\s+be|\s+cannot\s+be)\s+(?:right|correct)
    |\b(?:is|was|were)\s+(?:wrong|incorrect|not\s+right|not\s+correct)\b
    |\bi\s+(?:miscalculated|misread|messed|forgot|slipped)|\bmade\s+an?\s+(?:\w+\s+)?(?:error|slip)\b
    |\b(?:oops|whoops)\b|\bnot\s+-?\$?\d[\d,.]*\s*[.!]?$""",
)
POSSIBLE = _hinted("mistake,error", r"\b(?:if|whether|any|avoid\w*|no)\b[^.]{0,30}\b(?:mistakes?|errors?)\b")
"""A mistake that may not be there: "to make sure I made no mistakes"."""
CORRECTION = _hinted(
    "rather,correct,scratch,instead,should,right,redo,recomp,recalc,fix",
    r"""^(?:rather|correction|scratch\s+that|instead)\b|\bcorrecting\b|\bto\s+correct\b
    |\b(?:it|that|this)\s+should\s+be\b|\bshould\s+(?:(?:actually|really)\s+be|have\s+been)\b
    |\bthe\s+(?:correct|right)\s+(?:value|result|number|amount|count|total|calculation|computation)\b
    |\blet\s+me\s+(?:redo|fix|correct|recompute|recalculate)\b|\bredo(?:ing)?\b|\bafter\s+correct""",
)
BACKTRACK = _hinted(
    "back,over,again,another,different,better,alternativ,rethink,reconsider,exam",
    r"""\b(?:go(?:ing)?\s+back|start\s+over|back\s+up|try\s+(?:another|a\s+different|again))\b
    |\b(?:another|different|better)\s+(?:approach|way|method|thought|idea|angle|possibility)\b|\balternatively\b|\bdifferently\b
    |\b(?:think\s+again|rethink|reconsider|re-?examine)\b""",
)
CHECK = _hinted(
    "check,verif,confirm,sanity,sure",
    r"""\b(?:double[- ]?|re-?|cross-?)?check(?:ing)?\b|\bverif(?:y|ying|ication)\b|\bconfirm\b|\bsanity\b
    |\b(?:make|making|be)\s+(?:\w+\s+)?sure\b|\bchecks\s+out\b""",
)
"""A step that tests, or says that it will."""
VERDICT = _hinted(
    "correct,right,consistent,verified,confirmed,yes,which matches",
    r"""\b(?:is|are|looks?|that['’]?s|it['’]s|seems)\s+(?:\w+\s+)?(?:correct|right|consistent)\s*(?:[.!,]|$)
    |^(?:correct|consistent|verified|confirmed)\b|,\s*(?:yes|correct|which\s+matches)\b""",
)
"""What a test gives."""

PLAN = _hinted(
    "break,following,plan,strategy,step,then,goal,task,aim,backward,maybe,perhaps",
    r"""\b(?:break\s+(?:it|this|the\s+problem|down)|the\s+following\s+steps|plan\s+is|strategy)\b
    |\b(?:let|here|we|i)\b.{0,60}step[- ]by[- ]step|^step[- ]by[- ]step\b
    |\bthen\s+(?:we\s+)?(?:find|add|subtract|calculate|multiply|divide)\b|\bour\s+(?:goal|task|aim)\b|\bwork\s+backward
    |\b(?:maybe|perhaps)\s+(?:i|we)\s+(?:can|could|should|need|might|have\s+to|must)\b|\b(?:maybe|perhaps)\s+use\b""",
)
_NOT_DONE = r"""(?!(?:be|been|have|had|get|gets|got|see|say|tell|conclude|infer|deduce|observe|notice|know|expect|assume
      |suppose|denote|define|call|think\s+of|recall\s+that|remember\s+that|note|not|never|imagine|imply|only|also)\b)[a-z]{2,}"""
_ACT = r"""(?:calculate|determine|find|compute|identify|figure|solve|add|subtract|multiply|divide|convert|count
    |look\s+at|write|express|substitute|simplify|consider|start|set|estimate|evaluate|combine|compare|list|plug|square|expand|factor
    |distribute|bring|collect|isolate|apply|use|rewrite|rearrange|integrate|differentiate|check|verify|recall|repeat|sum|work)"""
_THEN = r"(?:first|now|then|next|also|just|still|probably|simply|really|quickly|instead|maybe|perhaps)"
INTENT = _hinted(
    "i ,i',i’,we,you,let,to ,how about,what if",
    rf"""\b(?:i|we)(?:['’]ll|['’]d\s+better|(?:\s+{_THEN}){{0,2}}
      \s+(?:will|can|could|should|must|might|may|shall|(?:am|are|was)\s+(?:going|supposed|asked)\s+to
        |(?:need|have|want|ought|try|would\s+like)\s+to))(?:\s+(?:{_THEN}|need\s+to|have\s+to|try\s+to|use))*\s+{_NOT_DONE}
    |\b(?:i|we)\s+(?:first|now|next|then)\s+{_NOT_DONE}\b|^(?:i|we)\s+{_ACT}\b
    |\byou\s+(?:need|have)\s+to\s+{_NOT_DONE}\b
    |\blet(?:['’]s|\s+us|\s+me)\s+(?:{_THEN}\s+|try\s+(?:and|to)\s+){{0,2}}
      (?!(?:see\s*[.,!:…—-]|see\s+(?:what|here)|say|suppose|assume|denote|define|call|let|take\s+it|keep|proceed|continue|go\s+on|work\s+through
        |think\s+about\s+th(?:is|ese)|begin\s*[.!]|start\s*[.!]|get\s+started|dive|pause)\b)[a-z]{{2,}}
    |(?:^|,\s)(?:in\s+order\s+)?to\s+{_NOT_DONE}\b.{{0,120}}?(?:,|$)|\b(?:how\s+about|what\s+if)\b""",
)
"""A first person who says what comes next: "I need to find", "let me calculate", "to get the total, we …"."""
NEEDS = _hinted(
    "need", r"\b(?:i|we)\s+(?:(?:still|also|just|now)\s+)?need\b|\b(?:is|are)\s+needed\b|\bneed\s+to\b"
)
IMPERATIVE = _cue(rf"^{_ACT}\b(?!\s*(?:=|that\b))")
"""An instruction to oneself: "Multiply both sides by 2"."""
ASKS_WHETHER = _cue(r"^(?:is|are|was|were|am|does|do|did|has|have|had)(?:n['’]t)?\b[^?]*\?")
"""A question for yes or no."""
HEADING = re.compile(r"^(?:#{1,6}\s.*|\*\*[^*\n]{1,120}\*\*:?|[^=]{1,120}:\**)$")
ASSUME = _hinted(
    "assum,suppos,denote,let",
    r"""\b(?:assume|assuming|suppose|denote)\b|^let\s+\S+\s*=
    |\blet\s+(?:us\s+)?(?:\$?\\?\(?\s?)?\w+(?:\s?\\?\))?\$?\s+(?:be|represent)\b""",
)
CASE = _cue(r"^[\W\d]*case\s+(?:\d+|[ivx]+|[a-z]|one|two|three|four)\b")
"""A case by its number or letter, at the beginning of a step."""
IF = _cue(r"^(?:(?:so|and|but|now,?)\s+)?if\s")

FORMULA = _cue(
    r"""^[^\W\d][\w'’%-]*(?:\s[\w'’%()-]+){0,5}\s*=(?=[^=\n]{0,120}?
      (?:[\w)}]\s[-–−+/x]\s[\w({$]|[\w)}]\s?[*×÷·]\s?[\w({$]|(?<=[a-z)])/\d))"""
)
"""A name and how it is computed: "Tip = Total cost / 4"."""
STATEMENT = _cue(
    r"""^(?:(?:i|we)\s+(?:also\s+)?know\s+(?:that\s+)?|(?:note|recall|remember)\s+that\s+)?
    (?!(?:this|that|these|those|it|i|we|you|here|which|what|who|how|when|where|why|everything|nothing|all|none|let|not
      |(?:(?:the|my|our|your|one)\s+)?(?:\w+\s+)?(?:problem|question|task|answer|result|solution|calculation|computation|approach
        |method|reasoning|work|step|idea|plan|goal|thing|part|way|point|rest|key|trick)s?)\b)
    [^\W\d_][\w'’-]*(?:\s+[\w'’-]+){0,5}?\s+(?:is|are|was|were|has|have|had|can|cannot|will|does)\s+\w"""
)
"""A sentence about something that it names, not about the work: "Today is Monday", but not "This is nice"."""

INFER = _cue(
    r"""\b(?:so|therefore|thus|hence|since|because|means?|implies|it\s+follows|then|leaves?|leaving|gives?|giving
    |results?\s+in|consequently|which)\b|⇒|\\implies|\\Rightarrow"""
)
COMPUTE = _cue(
    r"""=|≈|\\approx|\b(?:totals?|totaling|sum|product|difference|altogether|in\s+total|plus|minus|times
    |multipl\w+|divid\w+|subtract\w*|add(?:s|ed|ing)?)\b"""
)
ATTAINS = _cue(r"\b(?:gets?|gives?|giving|equals?|is|are|makes?|which|leaves?|leaving)\b")
GIVEN = _hinted(
    "know,have,given,told,accord,stated,this,says,states,tells,mentions,gives,asks,asking,wants,"
    "require,specif,provide,matter,need,relevant",
    r"""\b(?:we\s+(?:know|have)|(?:i|we)(?:['’]m|['’]re|\s+am|\s+are)\s+(?:also\s+)?(?:told|given)|(?:is|are|was|were)\s+given|given(?:\s+that)?
      |according\s+to\s+the\s+(?:problem|question)|as\s+stated|(?:i|we)(?:['’]ve|\s+have)?\s+(?:got\s+)?this\b.{0,40}?\b(?:problem|question)
      |(?:it|the\s+(?:problem|question|prompt|task))\s+(?:\w+\s+)?(?:says|states|tells|mentions|gives|asks|is\s+asking|wants|requires
      |specifies|provides))\b
    |\b(?:does\s+not|doesn['’]t)\s+matter\b|\b(?:do|does)(?:\s+not|n['’]t)\s+need\b|\birrelevant\b|\bnot\s+(?:needed|relevant)\b""",
)
AGAIN = _hinted(
    "as ,earlier,already,previous,above,looking back",
    r"""\bas\s+(?:before|earlier|above|previously|mentioned|noted|said|stated|shown|established|(?:we|i)\s+(?:saw|found|showed))\b
    |\b(?:from|in)\s+(?:(?:the|my|our)\s+)?(?:earlier|previous|above)\b|\bearlier,?\s+(?:i|we)\b|\bpreviously\b
    |\b(?:i|we)(?:['’]ve|\s+have)?\s+already\b|\balready\s+(?:found|known?|stated|mentioned|established|calculated|computed)\b
    |\blooking\s+back\s+at\b""",
)
"""A reference to what was said: "as before"."""

CONCLUDE = _hinted(
    "#,boxed,answer,result,solution",
    r"""^\W*\#{4}|\\boxed\s?\{|^\W*(?:final\s+)?answer\b\W{0,6}(?:is\b)?
    |\b(?:the|my|our|final)\s+(?:final\s+|correct\s+)?(?:answer|result|solution)(?:\s+to\s+[^=]{1,60})?
      \s*(?:\*\*)?\s*(?:is|=|:|was|(?:would|should|must)\s+be|comes)""",
)
FILLER = _cue(
    r"""^(?:ok(?:ay)?|alright|great|good|nice|perfect|sure|right|yes|hmm+|let['’]?s\s+see|let\s+me\s+(?:see|think)|i\s+hope
    |here\s+(?:is|we\s+go)|there\s+we|so\s+far\s+so\s+good|that\s+was|fun|what\s+a|thank\w*)\b"""
)
