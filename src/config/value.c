#include "config/value.h"

#include "base/ascii.h"
#include "base/time.h"
#include "config/mend.h"
#include "holdfast/header.h"

#include <inttypes.h>
#include <string.h>

#define NOTES_MAX 32 /* who has more to mend than that begins with these */
#define EXCERPT_MAX 60
#define HALF_YEAR INT64_C(15768000)
#define YEAR INT64_C(31536000)
#define ENOUGH (2 * YEAR)
#define HUGE_AGE (10 * YEAR)
#define MANGLED_MAX                                                                                                    \
    ((size_t)64 << 10) /* in a longer value typographic quotes and line breaks are not looked through                  \
                        */

typedef struct judging {
    base_arena *arena;
    config_value_faults *faults;
    hf_span text;     /* the value without typographic quotes, and with a blank for a line break */
    const size_t *at; /* where each octet of it stands in the value; NULL: in the same place */
    size_t length;    /* of the value */
    hf_note items[NOTES_MAX];
    hf_notes notes;
    hf_policy policy;
    bool valid;
    bool mangled; /* by a typographic quote or a line break */
    const char *mended;
} judging;

/* -- Saying it ----------------------------------------------------------------------------------------------------- */

static config_value_fault *add(base_arena *arena, config_value_faults *faults, rule_id rule, size_t offset,
                               size_t length)
{
    faults->items = base_arena_grow(arena, faults->items, faults->count, &faults->capacity, sizeof *faults->items);
    faults->items[faults->count] = (config_value_fault){.rule = rule, .offset = offset, .length = length};
    return &faults->items[faults->count++];
}

/* At octets of the text. */
static config_value_fault *add_at(judging *j, rule_id rule, size_t offset, size_t length)
{
    size_t start = offset, end = offset + length;

    if (j->at != NULL) {
        start = offset < j->text.length ? j->at[offset] : j->length;
        end = length > 0 ? j->at[offset + length - 1] + 1 : start;
    }
    return add(j->arena, j->faults, rule, start, end - start);
}

static const char *excerpt(base_arena *arena, const char *text, size_t length)
{
    if (length <= EXCERPT_MAX)
        return base_arena_copy(arena, text, length);
    return base_arena_format(arena, "%s...", base_arena_copy(arena, text, EXCERPT_MAX));
}

static const char *excerpt_of(const judging *j, const hf_note *note)
{
    return excerpt(j->arena, j->text.data + note->offset, note->length);
}

/* -- What a server cannot mean ------------------------------------------------------------------------------------- */

static size_t line_break(hf_span text, size_t at)
{
    if (text.data[at] == '\r' && at + 1 < text.length && text.data[at + 1] == '\n')
        return 2;
    return text.data[at] == '\r' || text.data[at] == '\n';
}

/* The first typographic quote and the first line break of the value, each told once. */
static void find_mangling(judging *j, hf_span value)
{
    bool quote = false, broken = false;

    for (size_t i = 0; i < value.length && !(quote && broken); i++) {
        if (!quote && config_smart_quote(value, i) > 0) {
            add(j->arena, j->faults, RULE_SMART_QUOTES, i, 3)->proof = base_arena_format(
                j->arena, "U+20%02X is sent as part of the value", 0x18 + (unsigned char)value.data[i + 2] - 0x98);
            quote = true;
        } else if (!broken && line_break(value, i) > 0) {
            add(j->arena, j->faults, RULE_VALUE_MULTILINE, i, line_break(value, i))->proof =
                base_arena_format(j->arena, "a line ends after %zu bytes of the value", i);
            broken = true;
        }
    }
    j->mangled = quote || broken;
}

/* The value as if neither were there, so that what else is wrong is found in the same go. */
static void unmangle(judging *j, hf_span value)
{
    char *text;
    size_t *at, count = 0;

    j->text = value;
    j->length = value.length;
    find_mangling(j, value);
    if (!j->mangled || value.length > MANGLED_MAX)
        return;
    text = base_arena_take(j->arena, value.length);
    at = base_arena_take(j->arena, value.length * sizeof *at);
    for (size_t i = 0; i < value.length;) {
        size_t quote = config_smart_quote(value, i), end = line_break(value, i);

        if (quote == 0) {
            at[count] = i;
            text[count++] = end > 0 ? ' ' : value.data[i];
        }
        i += quote > 0 ? quote : end > 0 ? end : 1;
    }
    j->text = (hf_span){text, count};
    j->at = at;
}

/* -- The grammar --------------------------------------------------------------------------------------------------- */

static const hf_note *find_note(const judging *j, hf_note_id id)
{
    for (size_t i = 0; i < j->notes.count; i++)
        if (j->items[i].id == id)
            return &j->items[i];
    return NULL;
}

static const char *meant_by(const judging *j, const hf_note *note)
{
    return hf_header_meant(j->text.data + note->offset, note->length);
}

/* True if a directive is there that was meant to be this one. */
static bool is_misspelt(const judging *j, const char *name)
{
    for (size_t i = 0; i < j->notes.count; i++)
        if (j->items[i].id == HF_NOTE_NEAR_MISS && strcmp(meant_by(j, &j->items[i]), name) == 0)
            return true;
    return false;
}

/* True if the octets at `at` are `word`, and go no further. */
static bool is_word_at(const judging *j, size_t at, const char *word)
{
    size_t length = strlen(word);

    return j->text.length - at >= length && base_ascii_is(j->text.data + at, length, word) &&
           (j->text.length - at == length || strchr(" ;,=:\"'", j->text.data[at + length]) != NULL);
}

static bool holds(hf_span text, const char *word)
{
    size_t length = strlen(word);

    for (size_t i = 0; i + length <= text.length; i++)
        if (base_ascii_is(text.data + i, length, word))
            return true;
    return false;
}

/* The name in front of `at`, blanks left out. */
static hf_span word_before(const judging *j, size_t at)
{
    size_t end = at, start;

    while (end > 0 && j->text.data[end - 1] == ' ')
        end--;
    for (start = end; start > 0 && strchr(" ;,=\"", j->text.data[start - 1]) == NULL;)
        start--;
    return (hf_span){j->text.data + start, end - start};
}

static const char *colon_proof(const judging *j, size_t at)
{
    hf_span before = word_before(j, at);

    if (hf_header_is_sts(before.data, before.length))
        return "the name of the header stands in its value";
    return base_ascii_is(before.data, before.length, "max-age") ? "':' in place of '='" : "':' in place of ';'";
}

/* What does not belong at a place of the value, in the words of who wrote it. */
static const char *misplaced(const judging *j, const hf_note *note)
{
    static const char *const names[] = {"max-age", "includeSubDomains", "preload"};
    char c = j->text.data[note->offset];

    if (c == ':')
        return colon_proof(j, note->offset);
    if (c == '"' || c == '\\')
        return "a quote is part of the value";
    if (is_word_at(j, note->offset, "always"))
        return "`always` stands inside the quotes";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_word_at(j, note->offset, names[i]))
            return base_arena_format(j->arena, "no ';' in front of %s", names[i]);
    return base_arena_format(j->arena, "'%s' does not belong there", excerpt_of(j, note));
}

static const char *grammar_proof(const judging *j, const hf_note *note)
{
    switch (note->id) {
    case HF_NOTE_FIELDS_MERGED:
        return "',' in place of ';', or two headers in one value";
    case HF_NOTE_NAME_MISSING:
        return "there is no name in front of '='";
    case HF_NOTE_VALUE_MISSING:
        return "there is no value behind '='";
    case HF_NOTE_QUOTE_UNTERMINATED:
        return "a quote is opened and not closed";
    case HF_NOTE_CONTROL_CHARACTER:
        return base_arena_format(j->arena, "control character 0x%02x", (unsigned char)j->text.data[note->offset]);
    default:
        return misplaced(j, note);
    }
}

static void malformed(judging *j, const hf_note *note)
{
    hf_span before = word_before(j, note->offset);
    config_value_fault *fault;
    rule_id rule = RULE_VALUE_MALFORMED;

    if (note->id == HF_NOTE_VALUE_MISSING && base_ascii_is(before.data, before.length, "max-age"))
        rule = RULE_MAX_AGE_INVALID;
    else if (note->id == HF_NOTE_VALUE_MISSING && base_ascii_is(before.data, before.length, "includesubdomains"))
        rule = RULE_FLAG_WITH_VALUE;
    fault = add_at(j, rule, note->offset, note->length);
    fault->proof = grammar_proof(j, note);
    if (note->length >= strlen("always") && is_word_at(j, note->offset, "always"))
        fault->fix = "Move `always` behind the closing quote.";
}

/* "include SubDomains": the blank that breaks the grammar is what is wrong with the name, and is told with it. */
static bool is_of_name(const judging *j, size_t number)
{
    const hf_note *note = &j->items[number], *name = &j->items[number > 0 ? number - 1 : 0];

    return number > 0 && name->id == HF_NOTE_NEAR_MISS && note->offset >= name->offset &&
           note->offset + note->length <= name->offset + name->length;
}

static void judge_missing(judging *j)
{
    config_value_fault *fault;

    /* It is there, but its name is misspelt, or it stands in what breaks the grammar. */
    if (is_misspelt(j, "max-age") || (holds(j->text, "max-age") && find_note(j, HF_NOTE_UNEXPECTED_CHARACTER) != NULL))
        return;
    fault = add_at(j, RULE_MAX_AGE_MISSING, 0, j->text.length);
    fault->proof = base_arena_format(j->arena, "the value is '%s'", excerpt(j->arena, j->text.data, j->text.length));
}

static void judge_unknown(judging *j, const hf_note *note)
{
    config_value_fault *fault;

    if (find_note(j, HF_NOTE_MAX_AGE_MISSING) != NULL) /* the whole value is something else */
        return;
    fault = add_at(j, RULE_DIRECTIVE_UNKNOWN, note->offset, note->length);
    fault->proof = base_arena_format(j->arena, "no browser knows '%s'", excerpt_of(j, note));
    if (is_word_at(j, note->offset, "always"))
        fault->fix = "Move `always` behind the closing quote.";
}

static void judge_typo(judging *j, const hf_note *note)
{
    config_value_fault *fault = add_at(j, RULE_DIRECTIVE_TYPO, note->offset, note->length);
    const char *name = meant_by(j, note);

    fault->proof = base_arena_format(j->arena, "'%s' in place of %s", excerpt_of(j, note), name);
    fault->fix = base_arena_format(j->arena, "Write %s.", name);
}

static void judge_number(judging *j, const hf_note *note)
{
    add_at(j, RULE_MAX_AGE_INVALID, note->offset, note->length)->proof =
        base_arena_format(j->arena, "max-age is '%s'", excerpt_of(j, note));
}

static void judge_note(judging *j, size_t number)
{
    const hf_note *note = &j->items[number];

    switch (note->id) {
    case HF_NOTE_UNEXPECTED_CHARACTER:
    case HF_NOTE_FIELDS_MERGED:
    case HF_NOTE_NAME_MISSING:
    case HF_NOTE_VALUE_MISSING:
    case HF_NOTE_QUOTE_UNTERMINATED:
    case HF_NOTE_CONTROL_CHARACTER:
        if (!is_of_name(j, number))
            malformed(j, note);
        break;
    case HF_NOTE_MAX_AGE_MISSING:
        judge_missing(j);
        break;
    case HF_NOTE_MAX_AGE_WITHOUT_VALUE:
        add_at(j, RULE_MAX_AGE_INVALID, note->offset, note->length)->proof = "max-age has no value";
        break;
    case HF_NOTE_MAX_AGE_NOT_DIGITS:
        judge_number(j, note);
        break;
    case HF_NOTE_MAX_AGE_DUPLICATE:
    case HF_NOTE_INCLUDE_SUBDOMAINS_DUPLICATE:
    case HF_NOTE_DIRECTIVE_DUPLICATE:
        add_at(j, RULE_DIRECTIVE_DUPLICATE, note->offset, note->length)->proof =
            base_arena_format(j->arena, "%s was there before", excerpt_of(j, note));
        break;
    case HF_NOTE_INCLUDE_SUBDOMAINS_VALUE:
    case HF_NOTE_PRELOAD_VALUE:
        add_at(j, RULE_FLAG_WITH_VALUE, note->offset, note->length)->proof =
            base_arena_format(j->arena, "'%s'", excerpt_of(j, note));
        break;
    case HF_NOTE_NEAR_MISS:
        judge_typo(j, note);
        break;
    case HF_NOTE_UNKNOWN_DIRECTIVE:
        judge_unknown(j, note);
        break;
    default: /* of a policy, or of no weight in a configuration */
        break;
    }
}

/* -- The policy ---------------------------------------------------------------------------------------------------- */

/* The directive of that name in a valid value: "max-age=300". */
static hf_span directive(const judging *j, const char *name)
{
    hf_span text = j->text;
    size_t length = strlen(name);
    bool quoted = false;

    for (size_t i = 0, start = 0; i <= text.length; i++) {
        if (i < text.length && text.data[i] == '"')
            quoted = !quoted;
        if (i < text.length && (text.data[i] != ';' || quoted))
            continue;
        while (start < i && (text.data[start] == ' ' || text.data[start] == '\t'))
            start++;
        if (i - start >= length && is_word_at(j, start, name)) {
            while (text.data[i - 1] == ' ' || text.data[i - 1] == '\t')
                i--;
            return (hf_span){text.data + start, i - start};
        }
        start = i + 1;
    }
    return text;
}

static config_value_fault *add_directive(judging *j, rule_id rule, const char *name)
{
    hf_span span = directive(j, name);

    return add_at(j, rule, (size_t)(span.data - j->text.data), span.length);
}

static const char *mended_max_age(const judging *j, int64_t seconds)
{
    const hf_policy policy = {seconds, j->policy.include_subdomains, j->policy.preload};
    char text[HF_HEADER_MAX];
    size_t length;

    return hf_header_format(&policy, text, sizeof text, &length) == HF_OK ? base_arena_copy(j->arena, text, length)
                                                                          : NULL;
}

/* Milliseconds, where a usual number of seconds was meant. */
static bool is_in_milliseconds(int64_t number)
{
    static const int64_t usual[] = {604800, 2592000, 15552000, HALF_YEAR, YEAR, 31622400, ENOUGH};

    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (number == usual[i] * 1000)
            return true;
    return false;
}

static void judge_huge(judging *j)
{
    bool milliseconds = is_in_milliseconds(j->policy.max_age);
    config_value_fault *fault = add_directive(j, RULE_MAX_AGE_HUGE, "max-age");
    char words[BASE_WORDS_MAX];

    base_duration_words(j->policy.max_age, words);
    fault->proof =
        milliseconds ? "the number looks like milliseconds" : base_arena_format(j->arena, "max-age is %s", words);
    fault->mended = mended_max_age(j, milliseconds ? j->policy.max_age / 1000 : ENOUGH);
    if (milliseconds)
        fault->fix = base_arena_format(j->arena, "Write seconds: %" PRId64 ".", j->policy.max_age / 1000);
}

static void judge_max_age(judging *j)
{
    int64_t seconds = j->policy.max_age;
    char words[BASE_WORDS_MAX];
    rule_id rule;

    if (seconds > HUGE_AGE) {
        judge_huge(j);
        return;
    }
    /* A preload that asks for a year has a finding of its own. */
    if (seconds >= YEAR || (seconds >= HALF_YEAR && j->policy.preload))
        return;
    rule = seconds == 0 ? RULE_MAX_AGE_ZERO : seconds < HALF_YEAR ? RULE_MAX_AGE_SHORT : RULE_MAX_AGE_UNDER_1Y;
    base_duration_words(seconds, words);
    add_directive(j, rule, "max-age")->proof =
        seconds == 0 ? "max-age is 0" : base_arena_format(j->arena, "max-age is %s", words);
}

/* What the list asks for besides `preload`; all that it names counts as there, if only its name is misspelt. */
static void judge_preload(judging *j, bool covers)
{
    if (!covers)
        add_directive(j, RULE_PRELOAD_WITHOUT_SUBDOMAINS, "preload")->proof = "includeSubDomains is missing";
    if (j->policy.max_age < YEAR)
        add_directive(j, RULE_PRELOAD_MAX_AGE, "preload")->proof = base_arena_format(
            j->arena, "max-age is %" PRId64 ", and the list asks for %" PRId64, j->policy.max_age, YEAR);
    if (covers && j->policy.max_age >= YEAR)
        add_directive(j, RULE_PRELOAD_PRESENT, "preload")->proof = "preload, with all that the list asks for";
}

static void judge_policy(judging *j)
{
    bool covers = j->policy.include_subdomains || is_misspelt(j, "includeSubDomains");
    const hf_note *note;

    judge_max_age(j);
    note = find_note(j, HF_NOTE_MAX_AGE_QUOTED);
    if (note != NULL)
        add_at(j, RULE_MAX_AGE_QUOTED, note->offset, note->length)->proof =
            base_arena_format(j->arena, "max-age=%s", excerpt_of(j, note));
    note = find_note(j, HF_NOTE_EMPTY_DIRECTIVE);
    if (note != NULL)
        add_at(j, RULE_TRAILING_SEMICOLON, note->offset, note->length)->proof = "nothing stands beside this ';'";
    if (j->policy.preload)
        judge_preload(j, covers);
    else if (!covers && j->policy.max_age > 0)
        add_at(j, RULE_INCLUDESUBDOMAINS_MISSING, 0, j->text.length)->proof = "includeSubDomains is not in the value";
}

/* -- The value ----------------------------------------------------------------------------------------------------- */

/* True if the faults of this rule go away when the value is written as it was meant. */
static bool is_mended(rule_id rule)
{
    switch (rule) {
    case RULE_MAX_AGE_ZERO:
    case RULE_MAX_AGE_SHORT:
    case RULE_MAX_AGE_UNDER_1Y:
    case RULE_MAX_AGE_HUGE:
    case RULE_PRELOAD_WITHOUT_SUBDOMAINS:
    case RULE_PRELOAD_MAX_AGE:
    case RULE_PRELOAD_PRESENT:
    case RULE_INCLUDESUBDOMAINS_MISSING:
        return false;
    default:
        return true;
    }
}

/* The value as it was meant. Of a valid one the policy must stay what it is, but for a name that is misspelt and a flag
 * with a value. */
static const char *mend(const judging *j)
{
    const char *mended = config_value_mend(j->text, j->valid && !j->mangled, j->arena);
    hf_policy policy;

    if (mended == NULL || !j->valid || find_note(j, HF_NOTE_NEAR_MISS) != NULL ||
        find_note(j, HF_NOTE_PRELOAD_VALUE) != NULL)
        return mended;
    return hf_header_parse(mended, strlen(mended), &policy, NULL) && policy.max_age == j->policy.max_age &&
                   policy.include_subdomains == j->policy.include_subdomains && policy.preload == j->policy.preload
               ? mended
               : NULL;
}

static bool has_error(const config_value_faults *faults, size_t first)
{
    for (size_t i = first; i < faults->count; i++)
        if (rule_find(faults->items[i].rule)->severity == HF_SEVERITY_ERROR)
            return true;
    return false;
}

void config_value_judge(hf_span value, base_arena *arena, config_value_faults *faults)
{
    judging j = {.arena = arena, .faults = faults};
    size_t first = faults->count;
    const char *mended;

    if (value.length == 0)
        return;
    j.notes = (hf_notes){j.items, NOTES_MAX, 0};
    unmangle(&j, value);
    j.valid = hf_header_parse(j.text.data, j.text.length, &j.policy, &j.notes);
    if (j.notes.count > NOTES_MAX)
        j.notes.count = NOTES_MAX;
    for (size_t i = 0; i < j.notes.count; i++)
        judge_note(&j, i);
    /* What breaks the value may stand behind more notes than are kept. */
    if (!j.valid && !has_error(faults, first))
        add(arena, faults, RULE_VALUE_MALFORMED, 0, value.length)->proof = "browsers reject the value as a whole";
    if (j.valid && !j.mangled)
        judge_policy(&j);
    mended = mend(&j);
    for (size_t i = first; i < faults->count; i++)
        if (is_mended(faults->items[i].rule))
            faults->items[i].mended = mended;
}
