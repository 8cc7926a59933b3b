/*
 * net/address.h: an IP address with its port, in either family, and its text.
 */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#define NET_ADDRESS_TEXT 72  /* "[IPv6%zone]:65535" and its NUL */
#define NET_ADDRESSES_MAX 32 /* addresses of one name that are looked at */

typedef struct net_address {
    struct sockaddr_storage socket;
} net_address;

/* Reads an IPv4 or IPv6 literal without brackets. */
bool net_address_parse(const char *text, int port, net_address *address);
/* From what a resolver gave; its port is replaced. */
bool net_address_from(const struct sockaddr *socket, int port, net_address *address);
/* From the 4 or 16 octets of an address in network order; false for any other number of them. */
bool net_address_from_octets(const void *octets, size_t length, int port, net_address *address);
int net_address_port(const net_address *address);
/* "192.0.2.1" or "2001:db8::1". */
void net_address_format(const net_address *address, char text[static NET_ADDRESS_TEXT]);

#endif
