/*
 * io/address.h: an IP address with its port, in either family, and its text.
 */
#ifndef IO_ADDRESS_H
#define IO_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#define IO_ADDRESS_TEXT 72  /* "[IPv6%zone]:65535" and its NUL */
#define IO_ADDRESSES_MAX 32 /* addresses of one name that are looked at */

typedef struct io_address {
    struct sockaddr_storage socket;
} io_address;

/* Reads an IPv4 or IPv6 literal without brackets. */
bool io_address_parse(const char *text, int port, io_address *address);
/* From what a resolver gave; its port is replaced. */
bool io_address_from(const struct sockaddr *socket, int port, io_address *address);
/* From the 4 or 16 octets of an address in network order; false for any other number of them. */
bool io_address_from_octets(const void *octets, size_t length, int port, io_address *address);
int io_address_port(const io_address *address);
/* True for what leads to no host of the Internet: this machine, private networks, link-local addresses (and with them
 * the metadata services of clouds), multicast; also within an IPv6 address (RFC 6890, RFC 4193, RFC 6052). */
bool io_address_is_private(const io_address *address);
/* "192.0.2.1" or "2001:db8::1". */
void io_address_format(const io_address *address, char text[static IO_ADDRESS_TEXT]);

#endif
