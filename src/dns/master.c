#include "dns/master.h"

#include "dns/wire.h"

#include "base/ascii.h"

#include <string.h>

#define DEPTH_MAX 8
#define NAME_MAX_WIRE 255
#define LABEL_MAX 63
#define SHOWN 40 /* octets of a word that an error names */

typedef enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_STRING, TOKEN_BAD } token_kind;

typedef struct token {
    token_kind kind;
    hf_span text;
} token;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool fail_at(base_error *error, hf_span word, const char *why)
{
    char text[SHOWN + 1];
    size_t length = word.length < SHOWN ? word.length : SHOWN;

    if (length > 0)
        memcpy(text, word.data, length);
    text[length] = '\0';
    base_error_set(error, "'%s'%s: %s", text, word.length > length ? "..." : "", why);
    return false;
}

/* -- Words --------------------------------------------------------------------------------------------------------- */

static hf_span behind(hf_span span, size_t count)
{
    return (hf_span){span.data + count, span.length - count};
}

/* Octets up to the end of a string or of the line; a string may go on on the next one. */
static size_t string_length(dns_master *master, hf_span rest)
{
    size_t i = 0;

    master->quoted = true;
    while (i < rest.length && master->quoted) {
        if (rest.data[i] == '\\' && i + 1 < rest.length)
            i++;
        else if (rest.data[i] == '"')
            master->quoted = false;
        i++;
    }
    return i;
}

static size_t word_length(hf_span rest)
{
    size_t i = 0;

    while (i < rest.length && !is_blank(rest.data[i]) && strchr(";()\"", rest.data[i]) == NULL)
        i += rest.data[i] == '\\' && i + 1 < rest.length ? 2 : 1;
    return i;
}

/* True if *rest began with a parenthesis, which is behind it now. */
static bool take_parenthesis(dns_master *master, hf_span *rest, base_error *error, bool *good)
{
    char c = rest->length > 0 ? *rest->data : '\0';

    if (c != '(' && c != ')')
        return false;
    *good = c == '(' ? master->depth < DEPTH_MAX : master->depth > 0;
    if (!*good)
        fail_at(error, (hf_span){rest->data, 1}, "a parenthesis that does not belong here");
    else
        master->depth += c == '(' ? 1U : -1U;
    *rest = behind(*rest, 1);
    return true;
}

static token next_token(dns_master *master, hf_span *rest, base_error *error)
{
    bool good = true;
    size_t length;
    token got;

    do
        while (rest->length > 0 && is_blank(*rest->data))
            *rest = behind(*rest, 1);
    while (good && take_parenthesis(master, rest, error, &good));
    if (!good)
        return (token){TOKEN_BAD, {NULL, 0}};
    if (rest->length == 0 || *rest->data == ';')
        return (token){TOKEN_END, {NULL, 0}};
    if (*rest->data == '"') {
        *rest = behind(*rest, 1);
        length = string_length(master, *rest);
        got = (token){TOKEN_STRING, {rest->data, length}};
    } else {
        length = word_length(*rest);
        got = (token){TOKEN_WORD, {rest->data, length}};
    }
    *rest = behind(*rest, length);
    return got;
}

/* -- Names --------------------------------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The octet that stands at *at: itself, "\DDD" or "\X"; -1: none. */
static int read_octet(hf_span word, size_t *at)
{
    int value = 0;

    if (word.data[*at] != '\\')
        return (unsigned char)word.data[(*at)++];
    ++*at;
    if (*at < word.length && !is_digit(word.data[*at]))
        return (unsigned char)word.data[(*at)++];
    for (int i = 0; i < 3; i++, ++*at) {
        if (*at >= word.length || !is_digit(word.data[*at]))
            return -1;
        value = value * 10 + (word.data[*at] - '0');
    }
    return value <= 255 ? value : -1;
}

/* One label, up to its dot or the end. */
static bool put_label(dns_wire *wire, hf_span word, size_t *at)
{
    unsigned char label[LABEL_MAX];
    size_t length = 0;

    while (*at < word.length && word.data[*at] != '.') {
        int octet = read_octet(word, at);

        if (octet < 0 || length == LABEL_MAX)
            return false;
        label[length++] = (unsigned char)octet;
    }
    dns_put_u8(wire, (unsigned)length);
    dns_put(wire, label, length);
    return length > 0;
}

static bool read_labels(const dns_master *master, hf_span word, dns_wire *wire)
{
    bool absolute = false;
    size_t at = 0;

    while (at < word.length) {
        if (!put_label(wire, word, &at))
            return false;
        absolute = at < word.length;
        at += absolute;
    }
    dns_put_name(wire, absolute || !master->placed ? "" : master->origin);
    return !wire->failed && (absolute || master->placed);
}

static bool read_name(const dns_master *master, hf_span word, char text[static DNS_TEXT_MAX], base_error *error)
{
    unsigned char bytes[NAME_MAX_WIRE];
    dns_wire wire = {.bytes = bytes, .room = sizeof bytes};
    bool root = word.length == 1 && *word.data == '.', same = word.length == 1 && *word.data == '@';
    bool relative = word.length > 0 && word.data[word.length - 1] != '.';
    size_t at = 0;

    if (relative && !master->placed)
        return fail_at(error, word, "a relative name, and no $ORIGIN stands before it");
    if (root || same)
        dns_put_name(&wire, root ? "" : master->origin);
    else if (!read_labels(master, word, &wire))
        return fail_at(error, word, "not a domain name");
    if (wire.failed || !dns_name(bytes, wire.length, &at, text))
        return fail_at(error, word, "not a domain name");
    return true;
}

/* -- Records ------------------------------------------------------------------------------------------------------- */

/* "3600" or "1h30m". */
static bool is_ttl(hf_span word)
{
    for (size_t i = 0; i < word.length; i++)
        if (!is_digit(word.data[i]) && (i == 0 || strchr("smhdwSMHDW", word.data[i]) == NULL))
            return false;
    return true;
}

static bool is_class(hf_span word)
{
    static const char *const classes[] = {"IN", "CH", "HS", "CLASS1"};

    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (base_ascii_is(word.data, word.length, classes[i]))
            return true;
    return false;
}

/* "A", "NSEC3", "TYPE65534". */
static bool is_type(hf_span word)
{
    for (size_t i = 0; i < word.length; i++) {
        char c = base_ascii_lower(word.data[i]);

        if ((c < 'a' || c > 'z') && (i == 0 || (!is_digit(c) && c != '-')))
            return false;
    }
    return true;
}

static unsigned type_of(hf_span word)
{
    static const struct {
        const char *name, *number;
        dns_type type;
    } types[] = {{"A", "TYPE1", DNS_A},     {"NS", "TYPE2", DNS_NS},      {"CNAME", "TYPE5", DNS_CNAME},
                 {"SOA", "TYPE6", DNS_SOA}, {"AAAA", "TYPE28", DNS_AAAA}, {"HTTPS", "TYPE65", DNS_HTTPS}};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (base_ascii_is(word.data, word.length, types[i].name) ||
            base_ascii_is(word.data, word.length, types[i].number))
            return types[i].type;
    return 0;
}

static bool read_directive(dns_master *master, hf_span word, hf_span *rest, base_error *error)
{
    bool origin = base_ascii_is(word.data, word.length, "$ORIGIN");
    char name[DNS_TEXT_MAX];
    token value;

    if (!origin && !base_ascii_is(word.data, word.length, "$TTL"))
        return fail_at(error, word,
                       "not read here: let the name server write the zone out as plain records, for "
                       "example with named-compilezone");
    value = next_token(master, rest, error);
    if (value.kind == TOKEN_BAD)
        return false;
    if (value.kind != TOKEN_WORD || master->depth > 0)
        return fail_at(error, word, "a value must follow on the same line");
    if (!origin)
        return true;
    if (!read_name(master, value.text, name, error))
        return false;
    memcpy(master->origin, name, sizeof name);
    master->placed = true;
    return true;
}

/* A word behind the owner: TTL and class in any order, then the type; all else is data. */
static bool read_word(dns_master *master, hf_span word, dns_master_record *record, void *self, base_error *error)
{
    if (master->typed)
        return true;
    master->words++;
    if (master->words <= 2 && (is_ttl(word) || is_class(word)))
        return true;
    if (!is_type(word))
        return fail_at(error, word, "the type of a record belongs here");
    if (!master->owned)
        return fail_at(error, word, "a record without an owner");
    master->typed = true;
    record(self, master->owner, type_of(word));
    return true;
}

/* What a line begins with that begins a record. */
static bool begin_record(dns_master *master, hf_span *rest, base_error *error)
{
    hf_span owner;

    master->typed = master->begun = false;
    master->words = 0;
    if (rest->length == 0 || is_blank(*rest->data) || strchr(";()\"", *rest->data) != NULL)
        return true;
    owner = (hf_span){rest->data, word_length(*rest)};
    *rest = behind(*rest, owner.length);
    if (*owner.data == '$') {
        master->typed = true; /* nothing of the line is a record */
        return read_directive(master, owner, rest, error);
    }
    master->owned = read_name(master, owner, master->owner, error);
    master->begun = true;
    return master->owned;
}

bool dns_master_begin(dns_master *master, const char *origin)
{
    memset(master, 0, sizeof *master);
    master->typed = true;
    if (origin == NULL)
        return true;
    if (strlen(origin) >= sizeof master->origin)
        return false;
    memcpy(master->origin, origin, strlen(origin) + 1);
    master->placed = true;
    return true;
}

bool dns_master_line(dns_master *master, hf_span line, dns_master_record *record, void *self, base_error *error)
{
    hf_span rest = line;
    token got;

    if (line.length > 0 && memchr(line.data, '\0', line.length) != NULL) {
        base_error_set(error, "a NUL in the line");
        return false;
    }
    if (master->quoted)
        rest = behind(rest, string_length(master, rest));
    else if (master->depth == 0 && !begin_record(master, &rest, error))
        return false;
    if (master->quoted)
        return true;
    while ((got = next_token(master, &rest, error)).kind == TOKEN_WORD || got.kind == TOKEN_STRING)
        if (!read_word(master, got.text, record, self, error))
            return false;
    if (got.kind == TOKEN_BAD)
        return false;
    if (master->depth == 0 && !master->quoted && !master->typed && (master->begun || master->words > 0)) {
        base_error_set(error, "a record without a type");
        return false;
    }
    return true;
}

bool dns_master_end(const dns_master *master, base_error *error)
{
    if (master->depth == 0 && !master->quoted)
        return true;
    base_error_set(error, "the file ends inside of %s", master->quoted ? "a string" : "parentheses");
    return false;
}
