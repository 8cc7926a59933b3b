/*
 * dns/message.h: a DNS message, read octet by octet (RFC 1035 4). Pure: no I/O, no allocation, every octet may be
 * hostile.
 */
#ifndef DNS_MESSAGE_H
#define DNS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DNS_TEXT_MAX                                                                                                   \
    1024 /* a name as text, and its NUL: 255 octets on the wire (RFC 1035 2.3.4), each "\DDD" at worst */

/* The types of record that Holdfast knows, and in a query those it asks for. */
typedef enum dns_type {
    DNS_A = 1,
    DNS_NS = 2,
    DNS_CNAME = 5,
    DNS_SOA = 6,
    DNS_AAAA = 28,
    DNS_OPT = 41,
    DNS_HTTPS = 65,
    DNS_AXFR = 252, /* of a query: the whole zone (RFC 5936) */
    DNS_CAA = 257,
} dns_type;

#define DNS_CLASS_IN 1

/* RFC 1035 4.1.1 */
#define DNS_FLAG_RESPONSE 0x8000
#define DNS_FLAG_AUTHORITATIVE 0x0400
#define DNS_FLAG_TRUNCATED 0x0200
#define DNS_FLAG_RECURSION_DESIRED 0x0100
#define DNS_RCODE(flags) ((flags)&15)
#define DNS_RCODE_FORMAT 1
#define DNS_RCODE_SERVER_FAILURE 2
#define DNS_RCODE_NAME_ERROR 3
#define DNS_RCODE_NOT_IMPLEMENTED 4
#define DNS_RCODE_REFUSED 5

typedef enum dns_section { DNS_ANSWER, DNS_AUTHORITY, DNS_ADDITIONAL, DNS_SECTIONS } dns_section;

/* A message that is being read. */
typedef struct dns_message {
    const unsigned char *bytes;
    size_t length;
    unsigned id, flags;
    /* The one question; all zero without. */
    bool has_question;
    char name[DNS_TEXT_MAX];
    unsigned type, class;
    /* Where the reading is. */
    size_t at, question_end;
    unsigned left[DNS_SECTIONS]; /* records not read yet */
} dns_message;

/* One record; its data are `length` octets at `data`, inside the message. */
typedef struct dns_record {
    dns_section section;
    char owner[DNS_TEXT_MAX];
    unsigned type, class;
    uint32_t ttl;
    size_t at; /* of the data in the message */
    const unsigned char *data;
    size_t length;
} dns_record;

/* Numbers as they lie on the wire. */
unsigned dns_u16(const unsigned char *bytes);
uint32_t dns_u32(const unsigned char *bytes);

/*
 * Reads the name at *at, and moves *at behind it. The text is in lower case and without a final dot; "." is the root.
 * An octet that is no letter, digit, '-', '_', '*' or '/' becomes "\DDD". False if it is cut, too long, or its pointers
 * do not lead back.
 */
bool dns_name(const unsigned char *bytes, size_t length, size_t *at, char text[static DNS_TEXT_MAX]);

/* Reads head and question. False if this is no message with one question. */
bool dns_message_open(const unsigned char *bytes, size_t length, dns_message *message);
/* The same of one that may have no question (RFC 5936 2.2.2: messages of a transfer behind the first). */
bool dns_message_open_any(const unsigned char *bytes, size_t length, dns_message *message);

/* The next record, of any section, in their order. False at the end, and where the message is malformed: then
 * *malformed is set. */
bool dns_message_next(dns_message *message, dns_record *record, bool *malformed);

#endif
