"""Every id that Slack sends back to us: buttons, selects, modals, shortcuts. One handler each."""

# Buttons and selects on cards and posts. A button's value is `case:version`, or a reply's id.
CASE_CLAIM = "case.claim"
CASE_RELEASE = "case.release"
CASE_REPLY = "case.reply"
CASE_TEMPLATE = "case.template"  # a suggested template; value `case:version:template`, suffix .0, .1
CASE_TEMPLATE_PICK = "case.template_pick"  # a select; option value `case:template`
CASE_NOTE = "case.note"
CASE_MENU = "case.menu"  # an overflow; option values `assign:case`, `snooze:case` ...
CASE_REOPEN = "case.reopen"
CASE_NO_RESPONSE = "case.no_response"
CASE_DETAILS = "case.details"
CASE_FULL = "case.full"  # value `case:message`
CASE_REVEAL = "case.reveal"  # value `case:message`
CASE_ASSIGN = "case.assign"
CASE_SOLUTION = "case.solution"
CASE_MERGE = "case.merge"
CASE_SPLIT = "case.split"
CASE_SOLICIT = "case.solicit"  # asks for a review of the case's order
CASE_SEPARATE = "case.separate"  # value: the case that was merged into another

REPLY_UNDO = "reply.undo"
REPLY_NOW = "reply.now"
REPLY_RETRY = "reply.retry"
REPLY_ARRIVED = "reply.arrived"
REPLY_LOST = "reply.lost"

HOME_CLAIM_NEXT = "home.claim_next"
HOME_REFRESH = "home.refresh"
HOME_BOARD = "home.board"

BOARD_REFRESH = "board.refresh"
BOARD_POST = "board.post"
BOARD_STORE = "board.store"
BOARD_BY = "board.by"
BOARD_FILE = "board.file"
# The values of all five: `store` or `store:dimension`; "all" for all stores.

FULL_PAGE = "full.page"  # value `case:message:page`, suffix .back, .next
FULL_REVEALED = "full.revealed"  # the same, with nothing hidden
CASE_PICK = "pick.case"  # value `purpose:case`

# Inputs in modals: block ids carry a suffix where the content must be replaced.
FORM_TEMPLATE = "form.template"
FORM_TEXT = "form.text"
FORM_AFTER = "form.after"
ANYWAY = "form.anyway"
PREVIEW_EDIT = "preview.edit"  # value: the case
PREVIEW_REWRITE = "preview.rewrite"  # value: key of the rewrite, the same as suffix

# Modals.
MODAL_REPLY = "modal.reply"
MODAL_PREVIEW = "modal.preview"
MODAL_ASSIGN = "modal.assign"
MODAL_SNOOZE = "modal.snooze"
MODAL_NO_RESPONSE = "modal.no_response"
MODAL_ESCALATE = "modal.escalate"
MODAL_NOTE = "modal.note"
MODAL_SOLICIT = "modal.solicit"

# Message shortcuts (they work in threads, where slash commands do not) and global ones.
SHORTCUT_REPLY = "reply_to_buyer"
SHORTCUT_SEND_THIS = "send_this_to_buyer"
SHORTCUT_NOTE = "add_as_note"
SHORTCUT_ASSIGN = "assign_case"
SHORTCUT_DETAILS = "case_details"
GLOBAL_QUEUE = "my_queue"
GLOBAL_BOARD = "sla_status"
GLOBAL_ONCALL = "who_is_on"
GLOBAL_COVER = "ask_for_cover"

# Inputs of the other modals; block id and action id are the same.
ASSIGN_TO = "assign.to"
SNOOZE_FOR = "snooze.for"  # minutes as text, or "today", "tomorrow" (09:00 in the person's zone)
SNOOZE_UNTIL = "snooze.until"
REASON = "form.reason"
NOTE_TEXT = "note.text"

# More buttons: paging, finding, lists.
DETAILS_PAGE = "details.page"  # value `case:page`
HOME_HELP = "home.help"

# Modals that can only be read.
MODAL_LOADING = "modal.loading"
MODAL_ERROR = "modal.error"
MODAL_DETAILS = "modal.details"
MODAL_FULL = "modal.full"
MODAL_PICK = "modal.pick"

# Who is on shift, and shift changes. Values of the handover's buttons are its id.
ONCALL_SHOW = "oncall.show"  # value "now"
HANDOVER_ACCEPT = "handover.accept"
HANDOVER_NOTE = "handover.note"
HANDOVER_GIVE = "handover.give"  # held cases go to those on shift
HANDOVER_KEEP = "handover.keep"
HANDOVER_TEXT = "handover.text"  # the field of the modal below; block id and action id are the same
MODAL_HANDOVER_NOTE = "modal.handover_note"  # private_metadata {"handover": id}

# `/shift`: what people press. A request's value is its id.
SHIFT_OPEN = "shift.open"  # opens one of the five modals; value cover, swap ..., the same as suffix
SHIFT_TAKE = (
    "shift.take"  # in the take modal; value `cover:request`, or `gap:store:start:end` (store or "all")
)
REQUEST_ACCEPT = "request.accept"
REQUEST_DECLINE = "request.decline"
REQUEST_WITHDRAW = "request.withdraw"
REQUEST_APPROVE = "request.approve"
REQUEST_REFUSE = "request.refuse"
GAPS_SHOW = "gaps.show"  # value: store key, or "all"
GAPS_POST = "gaps.post"

# `/shift`: modals, and inputs whose block id is their action id (but SHIFT_THEIRS: `shift.theirs.PERSON`).
MODAL_COVER = "modal.cover"
MODAL_SWAP = "modal.swap"
MODAL_TAKE = "modal.take"
MODAL_OFF = "modal.off"
MODAL_OVERRIDE = "modal.override"
MODAL_SHIFT_PREVIEW = "modal.shift_preview"
SHIFT_MINE = "shift.mine"  # `start:end` in epoch seconds
SHIFT_OTHER = "shift.other"  # a person; tells at once
SHIFT_THEIRS = "shift.theirs"  # `start:end`
SHIFT_FROM = "shift.from"  # epoch seconds, as all pickers of a time
SHIFT_UNTIL = "shift.until"
SHIFT_REASON = "shift.reason"  # vacation, sick, other
SHIFT_ASK = "shift.ask"  # "yes"
SHIFT_ON = "shift.on"  # a person
SHIFT_INSTEAD = "shift.instead"  # a person, or nothing
SHIFT_STORES = "shift.stores"  # store keys, or nothing for all
SHIFT_NOTE = "shift.note"

# Templates, for managers. The fields' block ids carry language and version; their action ids are these.
TEMPLATE_EDIT = "template.edit"  # a select in the list; option value: name
TEMPLATE_NEW = "template.new"
TEMPLATE_REPORT = "template.report"
TEMPLATE_HISTORY = "template.history"  # value `name:lang`
TEMPLATE_BACK = "template.back"  # value `name:lang:seen:version`, suffix .version
TEMPLATE_RETIRE = "template.retire"  # value `name:lang:seen`
TEMPLATE_NAME = "template.name"
TEMPLATE_LANG = "template.lang"  # tells at once, but for a new template
TEMPLATE_TITLE = "template.title"
TEMPLATE_TITLE_EN = "template.title_en"
TEMPLATE_TITLE_ZH = "template.title_zh"
TEMPLATE_TOPIC = "template.topic"
TEMPLATE_SHIPS = "template.ships"
TEMPLATE_PLACES = "template.places"
TEMPLATE_BODY = "template.body"
MODAL_TEMPLATE = "modal.template"  # private_metadata {"template": name, "lang": language, "version": seen}

# Solutions: what the buyer gets. Values of the buttons are the solution's id, of SOLUTION_CHANGE the case.
SOLUTION_REPLY = "solution.reply"
SOLUTION_APPROVE = "solution.approve"
SOLUTION_REFUSE = "solution.refuse"
SOLUTION_WITHDRAW = "solution.withdraw"
SOLUTION_CHANGE = "solution.change"
MODAL_SOLUTION = "modal.solution"
MODAL_SOLUTION_PREVIEW = "modal.solution_preview"
SOLUTION_KIND = "solution.kind"  # partial_refund, full_refund, resend, return
SOLUTION_VALUE = "solution.value"
SOLUTION_AMOUNT = "solution.amount"
SOLUTION_REASON = "solution.reason"
SOLUTION_NOTE = "solution.note"

# A text that only a manager may send. The button's value is the question's id; the modal is the preview, to ask from.
QUESTION_LOOK = "question.look"
MODAL_ASK = "modal.ask"

# Merging and splitting cases.
MODAL_MERGE = "modal.merge"
MODAL_SPLIT = "modal.split"
MERGE_INTO = "merge.into"  # a case
SPLIT_OUT = "split.out"  # ids of messages

# `/sla-report whatif`: a modal, and its inputs; block id and action id are the same.
MODAL_WHATIF = "modal.whatif"
WHATIF_PERIOD = "whatif.period"  # 7d, 30d, 90d
WHATIF_STORE = "whatif.store"  # store key, or "all"
WHATIF_WITHOUT = "whatif.without"  # agent key, or nothing
WHATIF_LAYER = "whatif.layer"  # name of a layer, or nothing
WHATIF_MOVED = "whatif.moved"  # hours
WHATIF_AGENTS = "whatif.agents"  # agent keys
WHATIF_ON = "whatif.on"  # all, mon-fri, sat-sun
WHATIF_HOURS = "whatif.hours"  # 18:00-22:00
WHATIF_TARGET = "whatif.target"  # hours
WHATIF_SPEAKERS = "whatif.speakers"  # "yes"

# Bulk replies. Values: of BULK_TURN `bulk:case:page`, of BULK_BACK `bulk:page`, of BULK_STOP the bulk reply's id.
MODAL_BULK = "modal.bulk"
MODAL_BULK_PREVIEW = "modal.bulk_preview"  # private_metadata {"bulk": id, "page": page}
BULK_STORE = "bulk.store"
BULK_TOPIC = "bulk.topic"  # a topic, or "any"
BULK_LANG = "bulk.lang"  # a language, or "any"
BULK_WHOSE = "bulk.whose"  # free (mine and nobody's), mine
BULK_TEMPLATE = "bulk.template"  # tells at once
BULK_VALUE = "bulk.value"  # suffix: the variable that is the same in every reply
BULK_TURN = "bulk.turn"
BULK_BACK = "bulk.back"
BULK_STOP = "bulk.stop"

# Holds of personal data. The value of HOLD_END is the hold's id; inputs: block id and action id are the same.
MODAL_HOLD = "modal.hold"  # private_metadata {"case": number}
HOLD_REASON = "hold.reason"
HOLD_OWNER = "hold.owner"  # a person
HOLD_UNTIL = "hold.until"  # a day
HOLD_END = "hold.end"
# Manual mode. Values of the buttons are its id; private_metadata {"manual": id}.
MANUAL_BEGIN = "manual.begin"  # value "all"
MANUAL_LOOK = "manual.look"
MANUAL_CONTACT = "manual.contact"
MANUAL_END = "manual.end"  # suffix: the same id
MODAL_MANUAL_ON = "modal.manual_on"
MODAL_MANUAL_OFF = "modal.manual_off"
MODAL_HEALTH_LOOK = "modal.health_look"
MANUAL_SCOPE = "manual.scope"  # a store, or "all"
MANUAL_REASON = "manual.reason"
LOOK_STORE = "look.store"
LOOK_RATE = "look.rate"  # percent
LOOK_DEFECTS = "look.defects"  # percent
LOOK_STANDING = "look.standing"  # healthy, at_risk, critical
LOOK_WARNINGS = "look.warnings"
BY_HAND = "form.by_hand"  # "yes": they know that manual mode is on

# Order messages by Amazon's API. Values of the buttons on posts are the message's id, of the others see there.
TYPED_OPEN = "typed.open"  # value `case:version`
TYPED_AGAIN = "typed.again"  # value: the case
TYPED_KIND = "typed.kind"  # value and suffix: the kind
TYPED_OTHERS = "typed.others"  # value: the case
TYPED_UNDO = "typed.undo"
TYPED_SENT = "typed.sent"
TYPED_NOT_SENT = "typed.not_sent"
MODAL_TYPED = "modal.typed"  # private_metadata {"case", "to", "kinds"}
MODAL_TYPED_FORM = "modal.typed_form"
MODAL_TYPED_PREVIEW = "modal.typed_preview"
TYPED_TEXT = "typed.text"  # inputs: block ids carry the kind, so that a change of it is a fresh field
TYPED_FILES = "typed.files"
TYPED_FROM = "typed.from"  # a day
TYPED_UNTIL = "typed.until"
