#include "serve/zone_line.h"

#include "dns/records.h"
#include "dns/wire.h"
#include "io/address.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define WORD_MAX 1024

/* The next word of the line, which ends at a blank; false at the end. */
static bool next_word(const char **text, char word[static WORD_MAX])
{
    size_t length;

    *text += strspn(*text, " ");
    length = strcspn(*text, " ");
    if (length == 0 || length >= WORD_MAX)
        return false;
    memcpy(word, *text, length);
    word[length] = '\0';
    *text += length;
    return true;
}

static bool read_number(const char *text, unsigned long max, unsigned *number)
{
    unsigned long value;
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    value = strtoul(text, &end, 10);
    *number = (unsigned)value;
    return *end == '\0' && value <= max;
}

static int nibble(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, c) : NULL;

    return at != NULL ? (int)(at - digits) : -1;
}

static void put_hex(dns_wire *wire, const char *text)
{
    while (*text != '\0') {
        int high = nibble(text[0]), low = high < 0 ? -1 : nibble(text[1]);

        if (low < 0) {
            wire->failed = true;
            return;
        }
        dns_put_u8(wire, (unsigned)(high << 4 | low));
        text += 2;
    }
}

static void put_address(dns_wire *wire, const char *text, int family)
{
    io_address address;

    if (!io_address_parse(text, 0, &address) || address.socket.ss_family != family)
        wire->failed = true;
    else if (family == AF_INET)
        dns_put(wire, &((const struct sockaddr_in *)&address.socket)->sin_addr, 4);
    else
        dns_put(wire, &((const struct sockaddr_in6 *)&address.socket)->sin6_addr, 16);
}

/* -- The data of each type ----------------------------------------------------------------------------------------- */

static void put_a(dns_wire *wire, const char *text)
{
    put_address(wire, text + strspn(text, " "), AF_INET);
}

static void put_aaaa(dns_wire *wire, const char *text)
{
    put_address(wire, text + strspn(text, " "), AF_INET6);
}

static void put_cname(dns_wire *wire, const char *text)
{
    char word[WORD_MAX];

    if (next_word(&text, word))
        dns_put_name(wire, word);
    wire->failed |= *text != '\0' || wire->length == 0;
}

static void put_caa(dns_wire *wire, const char *text)
{
    char word[WORD_MAX];
    unsigned flags;

    if (!next_word(&text, word) || !read_number(word, 255, &flags) || !next_word(&text, word) || strlen(word) > 255) {
        wire->failed = true;
        return;
    }
    dns_put_u8(wire, flags);
    dns_put_u8(wire, (unsigned)strlen(word));
    dns_put(wire, word, strlen(word));
    text += strspn(text, " ");
    dns_put(wire, text, strlen(text));
}

static bool key_of(const char *name, unsigned *key)
{
    for (*key = 0; *key < FACTS_HTTPS_KEYS; ++*key)
        if (strcmp(facts_https_key_name(*key), name) == 0)
            return true;
    return strncmp(name, "key", 3) == 0 && read_number(name + 3, 65535, key);
}

/* One of the parts of a value that commas separate. */
static void put_part(dns_wire *wire, unsigned key, const char *part)
{
    unsigned number = 0;

    switch (key) {
    case FACTS_HTTPS_MANDATORY:
        wire->failed |= !key_of(part, &number);
        dns_put_u16(wire, number);
        break;
    case FACTS_HTTPS_ALPN:
        wire->failed |= strlen(part) > 255;
        dns_put_u8(wire, (unsigned)strlen(part));
        dns_put(wire, part, strlen(part));
        break;
    case FACTS_HTTPS_PORT:
        wire->failed |= !read_number(part, 65535, &number);
        dns_put_u16(wire, number);
        break;
    case FACTS_HTTPS_IPV4HINT:
        put_address(wire, part, AF_INET);
        break;
    case FACTS_HTTPS_IPV6HINT:
        put_address(wire, part, AF_INET6);
        break;
    default:
        put_hex(wire, part);
        break;
    }
}

/* "key=value,value", or "key". */
static void put_param(dns_wire *wire, char *text)
{
    char *value = strchr(text, '='), *next;
    size_t start;
    unsigned key;

    if (value != NULL)
        *value++ = '\0';
    if (!key_of(text, &key)) {
        wire->failed = true;
        return;
    }
    dns_put_u16(wire, key);
    start = wire->length;
    dns_put_u16(wire, 0);
    for (; value != NULL && *value != '\0'; value = next) {
        next = strchr(value, ',');
        if (next != NULL)
            *next++ = '\0';
        put_part(wire, key, value);
    }
    if (wire->failed)
        return;
    wire->bytes[start] = (unsigned char)((wire->length - start - 2) >> 8);
    wire->bytes[start + 1] = (unsigned char)(wire->length - start - 2);
}

static void put_https(dns_wire *wire, const char *text)
{
    char word[WORD_MAX];
    unsigned priority;

    if (!next_word(&text, word) || !read_number(word, 65535, &priority) || !next_word(&text, word)) {
        wire->failed = true;
        return;
    }
    dns_put_u16(wire, priority);
    dns_put_name(wire, word);
    while (next_word(&text, word))
        put_param(wire, word);
    wire->failed |= *text != '\0';
}

static const struct {
    const char *name;
    dns_type type;
    void (*put)(dns_wire *wire, const char *text);
} types[] = {
    {"A", DNS_A, put_a},       {"AAAA", DNS_AAAA, put_aaaa},    {"CNAME", DNS_CNAME, put_cname},
    {"CAA", DNS_CAA, put_caa}, {"HTTPS", DNS_HTTPS, put_https},
};

/* -- The whole ----------------------------------------------------------------------------------------------------- */

#define TYPES (sizeof types / sizeof *types)

static size_t find_type(const char *name)
{
    size_t i = 0;

    while (i < TYPES && strcmp(types[i].name, name) != 0)
        i++;
    return i;
}

static serve_zone_fault fault_of(const char *word)
{
    static const char *const faults[] = {"", "SERVFAIL", "REFUSED", "SILENT", "TRUNCATED"};

    for (serve_zone_fault fault = SERVE_ZONE_SERVFAIL; fault <= SERVE_ZONE_TRUNCATED; fault++)
        if (strcmp(faults[fault], word) == 0)
            return fault;
    return SERVE_ZONE_SOUND;
}

static bool read_fault(const char *text, serve_zone_line *line)
{
    char word[WORD_MAX];
    size_t i;

    if (!next_word(&text, word))
        return true;
    i = find_type(word);
    line->type = i < TYPES ? types[i].type : 0;
    return i < TYPES && *text == '\0';
}

static bool read_record(const char *text, size_t i, serve_zone_line *line)
{
    dns_wire wire = {.bytes = line->data, .room = sizeof line->data};
    char word[WORD_MAX];
    const char *rest = text;

    line->type = types[i].type;
    if (next_word(&rest, word) && strcmp(word, "\\#") == 0)
        put_hex(&wire, rest + strspn(rest, " "));
    else
        types[i].put(&wire, text);
    line->length = wire.length;
    return !wire.failed;
}

bool serve_zone_line_read(const char *text, serve_zone_line *line, base_error *error)
{
    const char *rest = text;
    char word[WORD_MAX];
    bool read = false;

    memset(line, 0, sizeof *line);
    if (next_word(&rest, word)) {
        size_t i = find_type(word);

        line->fault = fault_of(word);
        if (line->fault != SERVE_ZONE_SOUND)
            read = read_fault(rest, line);
        else if (i < TYPES)
            read = read_record(rest, i, line);
    }
    if (!read)
        base_error_set(error, "'%s' is not a record", BASE_CUT(text));
    return read;
}
