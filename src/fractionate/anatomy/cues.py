"""Cues: the wordings by which steps of one kind are known. English; each pattern is compiled once.

A cue says what a sentence looks like; `roles` decides, knowing also which values are new in it.
"""

import re


def _cue(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


LABEL = _cue(
    r"^(?:[-*•>]\s+|\*\*|\#{1,3}\s+)*(?:\(?\d{1,3}(?:[.:]|\))(?:\s+|\*\*)|\#\d+\.?\s*)?(?:\(by[^)]*\)\s*)?(?:\**step\s+\d+\s*[:.)-]*\**\s*)?[\s*_]*"
)
"""What stands before a step's own words: bullets, numbers, "#5. (by #2) Step 1:"."""

LEAD = r"""^(?:(?:so|and|but|ok(?:ay)?|now|hmm+|oh|well|alright|right|yes|no|then|good|great|first|next
    |finally)\b[\s,.!]*){0,4}"""

DOUBT = _cue(
    LEAD
    + r"""(?:wait|hold\s+on|hang\s+on|is\s+that\s+right|am\s+i|are\s+we\s+sure|i'?m\s+not\s+sure|not\s+sure)\b
    |\b(?:seems?|looks?|sounds?)\s+(?:odd|off|wrong|strange|too\s+\w+|suspicious)\b
    |\bis\s+(?:that|this)\s+(?:right|correct)\s*\?
    |\bdoesn'?t\s+(?:seem|look|make\s+sense|work|add\s+up|match)\b|^hmm+\b"""
)
MISTAKE = _cue(
    r"""\bmistake
    |\bthat(?:'s|\s+is|\s+was|\s+can'?t\s+be|\s+cannot\s+be)\s+(?:(?:a\s+)?(?:wrong|incorrect|error|slip)|not\s+(?:right|correct))
    |\bthat(?:\s+can'?t\s+be|\s+cannot\s+be)\s+(?:right|correct)
    |\b(?:is|was|were)\s+(?:wrong|incorrect|not\s+right|not\s+correct)\b
    |\bi\s+(?:miscalculated|misread|messed|forgot|slipped)|\bmade\s+an?\s+(?:\w+\s+)?(?:error|slip)\b
    |\b(?:oops|whoops)\b|\bnot\s+-?\$?\d[\d,.]*\s*[.!]?$"""
)
CORRECTION = _cue(
    LEAD
    + r"""(?:actually|correction|rather|scratch\s+that|instead)\b|\bcorrecting\b|\bto\s+correct\b
    |\b(?:it|that|this|the\s+\w+)\s+should\s+(?:actually\s+|really\s+)?(?:be|have\s+been)\b
    |\bthe\s+(?:correct|right)\s+(?:value|result|number|amount|count|total|calculation|computation)\b
    |\blet\s+me\s+(?:redo|fix|correct|recompute|recalculate)\b|\bredo(?:ing)?\b|\bafter\s+correct"""
)
BACKTRACK = _cue(
    r"""\b(?:go(?:ing)?\s+back|start\s+over|back\s+up|try\s+(?:another|a\s+different|again))\b
    |\b(?:another\s+(?:approach|way)|different\s+approach)\b|^alternatively\b
    |\blet\s+me\s+(?:try|think\s+again|rethink|reconsider|re-?examine)\b"""
)
CHECK = _cue(
    r"""\b(?:let\s+me|let['’]?s|let\s+us|i(?:'ll|\s+will|\s+should|\s+can)|to|we\s+can|quick(?:ly)?|now)\s+
      (?:just\s+|quickly\s+)?(?:double[- ]?check|re-?check|check|verify|confirm|test|make\s+sure)\b
    |^(?:check(?:ing)?|verif(?:y|ying|ication)|double[- ]check(?:ing)?)\b|\bdouble[- ]check|\bchecks\s+out\b
    |\bthat\s+(?:matches|checks)\b|\bsanity\s+check\b
    |\b(?:is|looks|that'?s|seems)\s+(?:correct|right|consistent|good)\s*[.!]?$"""
)

PLAN = _cue(
    r"""\b(?:break\s+(?:it|this|the\s+problem|down)|the\s+following\s+steps|plan\s+is|strategy)\b
    |^(?:.{0,20}\b(?:let|here|we|i)\b.{0,60})step[- ]by[- ]step|^step[- ]by[- ]step\b
    |\bthen\s+(?:we\s+)?(?:find|add|subtract|calculate|multiply|divide)\b
    |\b(?:maybe|perhaps)\s+(?:i|we)\s+(?:can|could|should|need)\b|\b(?:maybe|perhaps)\s+use\b
    |^the\s+(?:question|problem)\s+(?:asks|is\s+asking|wants|requires)|\bour\s+(?:goal|task|aim)
    |\bi\s+(?:need|want|have)\s+to\s+(?:solve|work\s+backward)|\bwork\s+backward"""
)
_SEEK = r"""(?:calculate|determine|find(?:\s+out)?|compute|identify|figure\s+(?:out|it\s+out)|work\s+(?:out|on)|solve
    |add(?:\s+up)?|subtract|multiply|divide|convert|know|look\s+at|see|count|write|express|substitute|simplify
    |consider|start|begin|set\s+up|get|estimate|evaluate|combine|compare|list|turn|deal|move)"""
SUBGOAL = _cue(
    rf"""\b(?:we|i|you)(?:'ll|\s+will|\s+can|\s+should|\s+must|\s+first|\s+now|\s+then|\s+next|\s+also|\s+just
      |\s+(?:still\s+)?need\s+to|\s+have\s+to|\s+want\s+to)+\s+(?:first\s+|now\s+|then\s+|also\s+)?{_SEEK}\b
    |\blet(?:['’]s|\s+us|\s+me)\s+(?:first\s+|now\s+|then\s+|just\s+)?
      (?:{_SEEK}|denote|define|call|use|recall)\b
    |(?:^|,\s)to\s+{_SEEK}\b|^(?:first|next|then|now|finally|lastly)?,?\s*{_SEEK}\s+(?!=)
    |^(?:what|how\s+(?:many|much|far|long|old))\b.*\?$|\bneed\s+to\b
    |^(?:the\s+)?(?:first|next|last|final|second|third)\s+(?:step|thing)\b|^now\s+for\b|^next\s*(?:up)?\s*[:,]"""
)
HEADING = re.compile(r"^(?:#{1,6}\s.*|\*\*[^*\n]{1,120}\*\*:?|[^=]{1,120}:\**)$")
ASSUME = _cue(
    r"""\b(?:assume|assuming|suppose|denote)\b|^let\s+\S+\s*=
    |\blet\s+(?:us\s+)?(?:\$?\\?\(?\s?)?\w+(?:\s?\\?\))?\$?\s+(?:be|represent)\b"""
)
CASE = _cue(r"^(?:\W*)case\s+\w+\b|^if\s")

INFER = _cue(
    r"""\b(?:so|therefore|thus|hence|since|because|means?|implies|it\s+follows|then|leaves?|leaving|gives?|giving
    |results?\s+in|consequently|which)\b|⇒|\\implies|\\Rightarrow"""
)
COMPUTE = _cue(
    r"""=|≈|\\approx|\b(?:totals?|totaling|sum|product|difference|altogether|in\s+total|plus|minus|times
    |multipl\w+|divid\w+|subtract\w*|add(?:s|ed|ing)?)\b"""
)
GIVEN = _cue(
    r"""\b(?:we\s+(?:know|are\s+told|are\s+given|have)|given(?:\s+that)?|according\s+to\s+the\s+problem|as\s+stated
    |(?:it|the\s+problem|the\s+question)\s+(?:says|states|tells|mentions))\b"""
)

CONCLUDE = _cue(
    r"""^\W*\#{4}|\\boxed\s?\{|^\W*(?:final\s+)?answer\b\W{0,6}(?:is\b)?
    |\b(?:the|my|our|final)\s+(?:final\s+|correct\s+)?(?:answer|result|solution)(?:\s+to\s+[^=]{1,60})?
      \s*(?:\*\*)?\s*(?:is|=|:|was|would\s+be|comes)"""
)
FILLER = _cue(
    r"""^(?:ok(?:ay)?|alright|great|good|nice|perfect|sure|right|yes|hmm+|let['’]?s\s+see|let\s+me\s+(?:see|think)|i\s+hope
    |here\s+(?:is|we\s+go)|there\s+we|so\s+far\s+so\s+good|that\s+was|fun|what\s+a|thank\w*)\b"""
)
