#include "dns/wire.h"

#include <string.h>

#define LABEL_MAX 63
#define NAME_MAX_WIRE 255

void dns_put(dns_wire *wire, const void *octets, size_t length)
{
    if (wire->failed || wire->room - wire->length < length) {
        wire->failed = true;
        return;
    }
    if (length > 0)
        memcpy(wire->bytes + wire->length, octets, length);
    wire->length += length;
}

void dns_put_u8(dns_wire *wire, unsigned value)
{
    const unsigned char octet = (unsigned char)value;

    dns_put(wire, &octet, 1);
}

void dns_put_u16(dns_wire *wire, unsigned value)
{
    dns_put_u8(wire, value >> 8);
    dns_put_u8(wire, value);
}

void dns_put_u32(dns_wire *wire, uint32_t value)
{
    dns_put_u16(wire, value >> 16);
    dns_put_u16(wire, value & 0xffff);
}

/* The octet that stands at `name`, and what follows; -1 if "\" is not followed by three digits of an octet. */
static int read_octet(const char **name)
{
    int value = 0;

    if (**name != '\\')
        return (unsigned char)*(*name)++;
    ++*name;
    for (int i = 0; i < 3; i++, ++*name) {
        if (**name < '0' || **name > '9')
            return -1;
        value = value * 10 + (**name - '0');
    }
    return value <= 255 ? value : -1;
}

/* One label, without its dot; its length, 0 if it is none. */
static size_t read_label(const char **name, unsigned char label[static LABEL_MAX])
{
    size_t length = 0;

    while (**name != '\0' && **name != '.') {
        int octet = read_octet(name);

        if (octet < 0 || length == LABEL_MAX)
            return 0;
        label[length++] = (unsigned char)octet;
    }
    return length;
}

void dns_put_name(dns_wire *wire, const char *name)
{
    unsigned char label[LABEL_MAX];
    size_t start = wire->length, length;

    if (strcmp(name, ".") == 0)
        name = "";
    while (*name != '\0' && !wire->failed) {
        length = read_label(&name, label);
        wire->failed |= length == 0;
        dns_put_u8(wire, (unsigned)length);
        dns_put(wire, label, length);
        name += *name == '.';
    }
    dns_put_u8(wire, 0);
    wire->failed |= wire->length - start > NAME_MAX_WIRE;
}
