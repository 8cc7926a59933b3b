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
