#include "tls/hello.h"

#include <openssl/rand.h>
#include <string.h>

enum { RECORD_CIPHER_CHANGE = 20, RECORD_ALERT, RECORD_HANDSHAKE, RECORD_DATA };
enum { CLIENT_HELLO = 1, SERVER_HELLO = 2, SERVER_KEY_EXCHANGE = 12, SERVER_HELLO_DONE = 14 };
enum {
    EXTENSION_NAME = 0,
    EXTENSION_STATUS = 5,
    EXTENSION_GROUPS = 10,
    EXTENSION_POINTS = 11,
    EXTENSION_SIGNATURES = 13,
    EXTENSION_ALPN = 16,
    EXTENSION_SCT = 18,
    EXTENSION_MASTER_SECRET = 23,
    EXTENSION_COMPRESSED_CERTIFICATE = 27,
    EXTENSION_TICKET = 35,
    EXTENSION_VERSIONS = 43,
    EXTENSION_KEY_MODES = 45,
    EXTENSION_SHARES = 51,
    EXTENSION_APPLICATION_SETTINGS = 17613,
    EXTENSION_ENCRYPTED_HELLO = 0xfe0d,
    EXTENSION_RENEGOTIATION = 0xff01
};
enum { GREASE = 0x4a4a, X25519MLKEM768 = 0x11ec, X25519 = 29 };

#define RANDOM 32
#define MLKEM_COEFFICIENTS 1152 /* octets: 768 numbers of 12 bits, each below MLKEM_MODULUS (FIPS 203) */
#define MLKEM_SEED 32
#define MLKEM_MODULUS 3329
#define SHARE_MAX (MLKEM_COEFFICIENTS + MLKEM_SEED + RANDOM)
#define ENCRYPTED_HELLO 240 /* octets of the payload that Chromium fills with noise: 144, 176, 208 or 240 */

/* -- Writing ------------------------------------------------------------------------------------------------------- */

static void put8(base_buffer *out, unsigned number)
{
    base_buffer_char(out, (char)number);
}

static void put16(base_buffer *out, unsigned number)
{
    put8(out, number >> 8);
    put8(out, number & 255);
}

/* A length that is not known yet, of two octets. */
static size_t begin(base_buffer *out)
{
    put16(out, 0);
    return out->length;
}

static void end(base_buffer *out, size_t from)
{
    size_t length = out->length - from;

    if (out->failed)
        return;
    out->data[from - 2] = (char)(length >> 8);
    out->data[from - 1] = (char)(length & 255);
}

static size_t begin_extension(base_buffer *out, unsigned type)
{
    put16(out, type);
    return begin(out);
}

static void put_extension(base_buffer *out, unsigned type, const char *octets, size_t length)
{
    size_t from = begin_extension(out, type);

    base_buffer_append(out, octets, length);
    end(out, from);
}

static void put_random(base_buffer *out, size_t length)
{
    unsigned char octets[ENCRYPTED_HELLO];

    RAND_bytes(octets, (int)length);
    base_buffer_append(out, (const char *)octets, length);
}

static void put_codes(base_buffer *out, tls_codes codes)
{
    for (size_t i = 0; i < codes.count; i++)
        put16(out, codes.items[i]);
}

/* RFC 6066 3 */
static void put_name(base_buffer *out, const char *host)
{
    size_t from = begin_extension(out, EXTENSION_NAME), list = begin(out), name;

    put8(out, 0);
    name = begin(out);
    base_buffer_text(out, host);
    end(out, name);
    end(out, list);
    end(out, from);
}

static void put_list(base_buffer *out, unsigned type, tls_codes codes, bool grease)
{
    size_t from = begin_extension(out, type), list = begin(out);

    if (grease)
        put16(out, GREASE);
    put_codes(out, codes);
    end(out, list);
    end(out, from);
}

static void put_versions(base_buffer *out, tls_codes versions, bool grease)
{
    size_t from = begin_extension(out, EXTENSION_VERSIONS);

    put8(out, (unsigned)(2 * (versions.count + grease)));
    if (grease)
        put16(out, GREASE);
    put_codes(out, versions);
    end(out, from);
}

/* A key that a server can use: numbers that are below the modulus, as FIPS 203 7.2 has them checked. Nobody has the
   secret that belongs to it, and nobody needs it. */
static void make_mlkem(unsigned char key[MLKEM_COEFFICIENTS + MLKEM_SEED])
{
    RAND_bytes(key, MLKEM_COEFFICIENTS + MLKEM_SEED);
    for (size_t i = 0; i < MLKEM_COEFFICIENTS; i += 3) {
        unsigned low = (key[i] | (unsigned)key[i + 1] << 8) & 0xfff;
        unsigned high = key[i + 1] >> 4 | (unsigned)key[i + 2] << 4;

        low %= MLKEM_MODULUS;
        high %= MLKEM_MODULUS;
        key[i] = (unsigned char)(low & 255);
        key[i + 1] = (unsigned char)(low >> 8 | (high & 15) << 4);
        key[i + 2] = (unsigned char)(high >> 4);
    }
}

/* RFC 8446 4.2.8, with what Chromium sends; `small`: without the long one. */
static void put_shares(base_buffer *out, bool small)
{
    size_t from = begin_extension(out, EXTENSION_SHARES), list = begin(out);
    unsigned char key[SHARE_MAX];

    put16(out, GREASE);
    put16(out, 1);
    put8(out, 0);
    if (!small) {
        make_mlkem(key);
        put16(out, X25519MLKEM768);
        put16(out, SHARE_MAX);
        base_buffer_append(out, (const char *)key, MLKEM_COEFFICIENTS + MLKEM_SEED);
        put_random(out, RANDOM);
    }
    put16(out, X25519);
    put16(out, RANDOM);
    put_random(out, RANDOM);
    end(out, list);
    end(out, from);
}

/* As Chromium sends it where it knows no key for it: noise in the form of the real one. */
static void put_encrypted_hello(base_buffer *out)
{
    size_t from = begin_extension(out, EXTENSION_ENCRYPTED_HELLO);

    base_buffer_append(out, "\0\0\1\0\1", 5);
    put_random(out, 1);
    put16(out, RANDOM);
    put_random(out, RANDOM);
    put16(out, ENCRYPTED_HELLO);
    put_random(out, ENCRYPTED_HELLO);
    end(out, from);
}

#define PUT(out, type, text) put_extension(out, type, text, sizeof(text) - 1)

static void put_extensions(const tls_hello *hello, base_buffer *out)
{
    size_t from = begin(out);

    if (hello->as_browser)
        PUT(out, GREASE, "");
    if (hello->host != NULL)
        put_name(out, hello->host);
    PUT(out, EXTENSION_MASTER_SECRET, "");
    PUT(out, EXTENSION_RENEGOTIATION, "\0");
    put_list(out, EXTENSION_GROUPS, hello->groups, hello->as_browser);
    PUT(out, EXTENSION_POINTS, "\1\0");
    PUT(out, EXTENSION_TICKET, "");
    if (hello->as_browser) {
        PUT(out, EXTENSION_ALPN, "\0\x0c\2h2\10http/1.1");
        PUT(out, EXTENSION_STATUS, "\1\0\0\0\0");
        PUT(out, EXTENSION_SCT, "");
        PUT(out, EXTENSION_COMPRESSED_CERTIFICATE, "\2\0\2");
        PUT(out, EXTENSION_APPLICATION_SETTINGS, "\0\3\2h2");
        put_encrypted_hello(out);
    }
    if (hello->signatures.count > 0)
        put_list(out, EXTENSION_SIGNATURES, hello->signatures, false);
    if (hello->versions.count > 0) {
        PUT(out, EXTENSION_KEY_MODES, "\1\1");
        put_versions(out, hello->versions, hello->as_browser);
        if (hello->as_browser)
            put_shares(out, hello->small);
        else
            PUT(out, EXTENSION_SHARES, "\0\0");
    }
    if (hello->as_browser)
        PUT(out, GREASE + 0x1010, "\0");
    end(out, from);
}

static void put_body(const tls_hello *hello, base_buffer *out)
{
    size_t from;

    put16(out, hello->version);
    put_random(out, RANDOM);
    put8(out, hello->as_browser ? RANDOM : 0);
    if (hello->as_browser)
        put_random(out, RANDOM);
    from = begin(out);
    if (hello->as_browser)
        put16(out, GREASE);
    put_codes(out, hello->suites);
    end(out, from);
    base_buffer_append(out, hello->deflate ? "\2\1\0" : "\1\0", hello->deflate ? 3 : 2);
    if (hello->version != TLS_SSL3)
        put_extensions(hello, out);
}

/* RFC 8446 5.1: the record of a first ClientHello says 0x0301, "for compatibility purposes". */
void tls_hello_write(const tls_hello *hello, base_buffer *out)
{
    size_t record, body;

    put8(out, RECORD_HANDSHAKE);
    put16(out, hello->version == TLS_SSL3 ? TLS_SSL3 : TLS_1_0);
    record = begin(out);
    put16(out, CLIENT_HELLO << 8);
    body = begin(out);
    put_body(hello, out);
    end(out, body);
    end(out, record);
}

/* -- Reading ------------------------------------------------------------------------------------------------------- */

typedef struct reader {
    const uint8_t *at, *end;
    bool bad; /* something was longer than what it lies in */
} reader;

static size_t left(const reader *r)
{
    return (size_t)(r->end - r->at);
}

static unsigned take(reader *r, size_t octets)
{
    unsigned number = 0;

    if (left(r) < octets) {
        r->bad = true;
        return 0;
    }
    while (octets-- > 0)
        number = number << 8 | *r->at++;
    return number;
}

/* What stands behind a length of so many octets. */
static reader take_part(reader *r, size_t octets)
{
    size_t length = take(r, octets);
    reader part = {r->at, r->at, r->bad || length > left(r)};

    if (part.bad) {
        r->bad = true;
        return part;
    }
    part.end = r->at += length;
    return part;
}

static void read_extension(unsigned type, reader body, tls_reply *reply)
{
    switch (type) {
    case EXTENSION_VERSIONS:
        reply->version = (uint16_t)take(&body, 2);
        break;
    case EXTENSION_SHARES:
        reply->group = (uint16_t)take(&body, 2);
        break;
    case EXTENSION_TICKET:
        reply->tickets = true;
        break;
    case EXTENSION_RENEGOTIATION:
        reply->secure_renegotiation = true;
        break;
    case EXTENSION_MASTER_SECRET:
        reply->extended_master_secret = true;
        break;
    default:
        break;
    }
}

/* RFC 8446 4.1.3; a HelloRetryRequest has the same form. */
static bool read_server_hello(reader body, tls_reply *reply)
{
    reader id, extensions;

    reply->version = (uint16_t)take(&body, 2);
    if (left(&body) < RANDOM)
        return false;
    body.at += RANDOM;
    id = take_part(&body, 1);
    reply->session_ids = left(&id) > 0;
    reply->suite = (uint16_t)take(&body, 2);
    reply->deflate = take(&body, 1) != 0;
    if (body.bad || left(&body) == 0)
        return !body.bad;
    extensions = take_part(&body, 2);
    while (left(&extensions) > 0 && !extensions.bad) {
        unsigned type = take(&extensions, 2);

        read_extension(type, take_part(&extensions, 2), reply);
    }
    return !body.bad && !extensions.bad;
}

#define NAMED_CURVE 3

/* RFC 8422 5.4, RFC 5246 7.4.3: the group, the server's share, and in TLS 1.2 how it is signed. */
static bool read_exchange(reader body, tls_exchange exchange, tls_reply *reply)
{
    if (exchange == TLS_EXCHANGE_ECDH) {
        if (take(&body, 1) != NAMED_CURVE)
            return true;
        reply->group = (uint16_t)take(&body, 2);
        take_part(&body, 1);
    } else {
        reader prime = take_part(&body, 2);

        while (left(&prime) > 0 && *prime.at == 0)
            prime.at++;
        reply->dh_bits = (int)(8 * left(&prime));
        take_part(&body, 2);
        take_part(&body, 2);
    }
    if (!body.bad && reply->version == TLS_1_2 && left(&body) >= 2)
        reply->signature = (uint16_t)take(&body, 2);
    return !body.bad;
}

/* The messages of the handshake that are there whole. */
static tls_reply_state read_messages(reader all, tls_exchange (*exchange_of)(uint16_t suite), tls_reply *reply)
{
    tls_exchange exchange = TLS_EXCHANGE_NONE;
    bool greeted = false;

    while (left(&all) >= 4) {
        unsigned type = take(&all, 1);
        reader body = take_part(&all, 3);

        if (body.bad)
            break;
        if (!greeted) {
            if (type != SERVER_HELLO || !read_server_hello(body, reply))
                return TLS_REPLY_NOT_TLS;
            greeted = true;
            if (exchange_of != NULL && reply->version < TLS_1_3)
                exchange = exchange_of(reply->suite);
        } else if (type == SERVER_KEY_EXCHANGE && exchange != TLS_EXCHANGE_NONE) {
            return read_exchange(body, exchange, reply) ? TLS_REPLY_HELLO : TLS_REPLY_NOT_TLS;
        } else if (type == SERVER_HELLO_DONE) {
            return TLS_REPLY_HELLO;
        }
        if (exchange == TLS_EXCHANGE_NONE)
            return TLS_REPLY_HELLO;
    }
    return TLS_REPLY_MORE;
}

#define ALERT_LENGTH 2
#define ALERT_FATAL 2
#define VERSION_MAJOR 3

/* The fragments of the handshake, one behind the other; a fatal alert ends them. False: what comes is no TLS. */
static bool join_records(reader all, base_buffer *handshake, tls_reply *reply)
{
    while (left(&all) >= 5 && reply->alert == 0) {
        unsigned type = take(&all, 1), major = take(&all, 1);
        reader body;

        if (type < RECORD_CIPHER_CHANGE || type > RECORD_DATA || major != VERSION_MAJOR)
            return false;
        take(&all, 1);
        body = take_part(&all, 2);
        if (body.bad)
            break;
        if (type == RECORD_HANDSHAKE)
            base_buffer_append(handshake, (const char *)body.at, left(&body));
        else if (type == RECORD_ALERT && left(&body) == ALERT_LENGTH && body.at[0] == ALERT_FATAL)
            reply->alert = body.at[1];
        else if (type != RECORD_ALERT)
            break;
    }
    return true;
}

#define HOST_NAME 0

bool tls_hello_name(const uint8_t *extension, size_t length, char name[static TLS_HELLO_NAME_MAX + 1])
{
    reader all = {extension, extension + length, false}, list = take_part(&all, 2), host = {list.at, list.at, true};

    if (!list.bad && left(&list) > 0 && take(&list, 1) == HOST_NAME)
        host = take_part(&list, 2);
    length = left(&host);
    if (host.bad || length == 0 || length > TLS_HELLO_NAME_MAX || memchr(host.at, '\0', length) != NULL)
        return false;
    memcpy(name, host.at, length);
    name[length] = '\0';
    return true;
}

tls_reply_state tls_reply_read(const char *bytes, size_t length, tls_exchange (*exchange_of)(uint16_t suite),
                               tls_reply *reply)
{
    const uint8_t *from = (const uint8_t *)bytes;
    base_buffer handshake;
    tls_reply_state state = TLS_REPLY_NOT_TLS;

    memset(reply, 0, sizeof *reply);
    base_buffer_init(&handshake, TLS_REPLY_MAX);
    if ((length == 0 || (from[0] >= RECORD_CIPHER_CHANGE && from[0] <= RECORD_DATA)) &&
        join_records((reader){from, from + length, false}, &handshake, reply)) {
        const uint8_t *messages = handshake.length > 0 ? (const uint8_t *)handshake.data : from;

        state = read_messages((reader){messages, messages + handshake.length, false}, exchange_of, reply);
        if (state == TLS_REPLY_MORE && reply->alert != 0)
            state = TLS_REPLY_ALERT;
    }
    base_buffer_done(&handshake);
    return state;
}
