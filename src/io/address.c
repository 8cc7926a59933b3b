#include "io/address.h"

#include <netinet/in.h>
#include <string.h>
#include <uv.h>

bool io_address_parse(const char *text, int port, io_address *address)
{
    memset(address, 0, sizeof *address);
    if (uv_ip4_addr(text, port, (struct sockaddr_in *)&address->socket) == 0)
        return true;
    return uv_ip6_addr(text, port, (struct sockaddr_in6 *)&address->socket) == 0;
}

bool io_address_from(const struct sockaddr *socket, int port, io_address *address)
{
    memset(address, 0, sizeof *address);
    if (socket->sa_family == AF_INET) {
        memcpy(&address->socket, socket, sizeof(struct sockaddr_in));
        ((struct sockaddr_in *)&address->socket)->sin_port = htons((unsigned short)port);
        return true;
    }
    if (socket->sa_family == AF_INET6) {
        memcpy(&address->socket, socket, sizeof(struct sockaddr_in6));
        ((struct sockaddr_in6 *)&address->socket)->sin6_port = htons((unsigned short)port);
        return true;
    }
    return false;
}

bool io_address_from_octets(const void *octets, size_t length, int port, io_address *address)
{
    struct sockaddr_in *four = (struct sockaddr_in *)&address->socket;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&address->socket;

    memset(address, 0, sizeof *address);
    if (length == sizeof four->sin_addr) {
        four->sin_family = AF_INET;
        four->sin_port = htons((unsigned short)port);
        memcpy(&four->sin_addr, octets, length);
        return true;
    }
    if (length == sizeof six->sin6_addr) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons((unsigned short)port);
        memcpy(&six->sin6_addr, octets, length);
        return true;
    }
    return false;
}

int io_address_port(const io_address *address)
{
    if (address->socket.ss_family == AF_INET6)
        return ntohs(((const struct sockaddr_in6 *)&address->socket)->sin6_port);
    return ntohs(((const struct sockaddr_in *)&address->socket)->sin_port);
}

void io_address_format(const io_address *address, char text[static IO_ADDRESS_TEXT])
{
    if (uv_ip_name((const struct sockaddr *)&address->socket, text, IO_ADDRESS_TEXT) != 0)
        text[0] = '\0';
}

typedef struct block {
    unsigned char octets[16];
    unsigned bits;
} block;

static bool is_within(const unsigned char *octets, const block *b)
{
    unsigned whole = b->bits / 8, rest = b->bits % 8;

    return memcmp(octets, b->octets, whole) == 0 &&
           (rest == 0 || (octets[whole] ^ b->octets[whole]) >> (8 - rest) == 0);
}

static bool is_private4(const unsigned char *octets)
{
    static const block blocks[] = {
        {{0}, 8},          {{10}, 8},        {{100, 64}, 10}, {{127}, 8}, {{169, 254}, 16}, {{172, 16}, 12},
        {{192, 0, 0}, 24}, {{192, 168}, 16}, {{198, 18}, 15}, {{224}, 4}, {{240}, 4},
    };

    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (is_within(octets, &blocks[i]))
            return true;
    return false;
}

/* An IPv4 address lies in them: mapped, compatible, translated, 6to4. */
static const struct {
    block block;
    size_t at;
} carriers[] = {{{{[10] = 0xff, [11] = 0xff}, 96}, 12},
                {{{0}, 96}, 12},
                {{{0, 0x64, 0xff, 0x9b}, 96}, 12},
                {{{0, 0x64, 0xff, 0x9b, 0, 1}, 48}, 12},
                {{{0x20, 0x02}, 16}, 2}};

static bool is_private6(const unsigned char *octets)
{
    static const block blocks[] = {{{0}, 127}, {{0xfc}, 7}, {{0xfe, 0x80}, 10}, {{0xfe, 0xc0}, 10}, {{0xff}, 8}};

    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (is_within(octets, &blocks[i]))
            return true;
    for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++)
        if (is_within(octets, &carriers[i].block) && is_private4(octets + carriers[i].at))
            return true;
    return false;
}

bool io_address_is_private(const io_address *address)
{
    if (address->socket.ss_family == AF_INET6)
        return is_private6(((const struct sockaddr_in6 *)&address->socket)->sin6_addr.s6_addr);
    return is_private4((const unsigned char *)&((const struct sockaddr_in *)&address->socket)->sin_addr);
}
