#include "dns/message.h"

#include <stdio.h>
#include <string.h>

#define HEADER 12
#define NAME_MAX_WIRE 255
#define POINTER 0xc0

unsigned dns_u16(const unsigned char *bytes)
{
    return (unsigned)bytes[0] << 8 | bytes[1];
}

uint32_t dns_u32(const unsigned char *bytes)
{
    return (uint32_t)dns_u16(bytes) << 16 | dns_u16(bytes + 2);
}

/* -- Names --------------------------------------------------------------------------------------------------------- */

static bool is_plain(unsigned char octet)
{
    return (octet >= 'a' && octet <= 'z') || (octet >= '0' && octet <= '9') || octet == '-' || octet == '_' ||
           octet == '*' || octet == '/';
}

/* The text of one label at `to`; what follows it. */
static char *put_label(char *to, const unsigned char *label, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char octet = label[i];

        if (octet >= 'A' && octet <= 'Z')
            octet = (unsigned char)(octet - 'A' + 'a');
        if (is_plain(octet))
            *to++ = (char)octet;
        else
            to += snprintf(to, 5, "\\%03u", octet);
    }
    return to;
}

/*
 * RFC 1035 4.1.4: a pointer stands for "a prior occurance of the same name". So each must lead to before all that was
 * read of the name so far, and there is no way round in a circle. On the wire a name is no longer than 255 octets, so
 * the text has its room.
 */
bool dns_name(const unsigned char *bytes, size_t length, size_t *at, char text[static DNS_TEXT_MAX])
{
    size_t here = *at, lowest = *at, wire = 1, end = 0;
    char *to = text;

    while (here < length && bytes[here] != 0) {
        unsigned count = bytes[here];

        if (count >= POINTER) {
            size_t target;

            if (length - here < 2)
                return false;
            target = dns_u16(bytes + here) & 0x3fff;
            if (target >= lowest)
                return false;
            end = end != 0 ? end : here + 2;
            here = lowest = target;
            continue;
        }
        if (count > 63 || length - here <= count || (wire += count + 1) > NAME_MAX_WIRE)
            return false;
        if (to != text)
            *to++ = '.';
        to = put_label(to, bytes + here + 1, count);
        here += count + 1;
    }
    if (here >= length)
        return false;
    if (to == text)
        *to++ = '.';
    *to = '\0';
    *at = end != 0 ? end : here + 1;
    return true;
}

/* -- Messages ------------------------------------------------------------------------------------------------------ */

static bool read_question(dns_message *message)
{
    if (!dns_name(message->bytes, message->length, &message->at, message->name) || message->length - message->at < 4)
        return false;
    message->type = dns_u16(message->bytes + message->at);
    message->class = dns_u16(message->bytes + message->at + 2);
    message->at += 4;
    message->question_end = message->at;
    return true;
}

bool dns_message_open(const unsigned char *bytes, size_t length, dns_message *message)
{
    return dns_message_open_any(bytes, length, message) && message->has_question;
}

bool dns_message_open_any(const unsigned char *bytes, size_t length, dns_message *message)
{
    memset(message, 0, sizeof *message);
    if (length < HEADER || dns_u16(bytes + 4) > 1)
        return false;
    message->has_question = dns_u16(bytes + 4) == 1;
    message->bytes = bytes;
    message->length = length;
    message->id = dns_u16(bytes);
    message->flags = dns_u16(bytes + 2);
    for (size_t i = 0; i < DNS_SECTIONS; i++)
        message->left[i] = dns_u16(bytes + 6 + 2 * i);
    message->at = message->question_end = HEADER;
    return !message->has_question || read_question(message);
}

/* RFC 2181 8: "Implementations should treat TTL values received with the most significant bit set as if the entire
   value received was zero." */
static uint32_t ttl_of(uint32_t received)
{
    return received > INT32_MAX ? 0 : received;
}

static bool read_record(dns_message *message, dns_record *record)
{
    const unsigned char *head;

    if (!dns_name(message->bytes, message->length, &message->at, record->owner) || message->length - message->at < 10)
        return false;
    head = message->bytes + message->at;
    record->type = dns_u16(head);
    record->class = dns_u16(head + 2);
    record->ttl = ttl_of(dns_u32(head + 4));
    record->length = dns_u16(head + 8);
    record->at = message->at + 10;
    record->data = head + 10;
    if (message->length - record->at < record->length)
        return false;
    message->at = record->at + record->length;
    return true;
}

bool dns_message_next(dns_message *message, dns_record *record, bool *malformed)
{
    for (dns_section section = 0; section < DNS_SECTIONS; section++) {
        if (message->left[section] == 0)
            continue;
        message->left[section]--;
        record->section = section;
        if (read_record(message, record))
            return true;
        memset(message->left, 0, sizeof message->left);
        *malformed = true;
        return false;
    }
    return false;
}
