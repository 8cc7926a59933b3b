/*
 * dns/ports.h: the sockets of c-ares, for dns/channel.c alone. c-ares asks all questions from one port for as long as
 * any is open; here each datagram leaves from a socket of its own, whose port the system chooses by chance, with an
 * identifier and a case of letters by chance too (dns/question.h). Only the answer to it, to that port and from that
 * server, reaches c-ares.
 */
#ifndef DNS_PORTS_H
#define DNS_PORTS_H

#include "io/loop.h"

#include <stdbool.h>
#include <sys/select.h> /* ares.h needs fd_set and does not ask for it */

#include <ares.h>

typedef struct dns_ports dns_ports;

/* To be freed when the channel of c-ares has been destroyed. */
dns_ports *dns_ports_new(io_loop *loop);
void dns_ports_free(dns_ports *ports);

/* From now on the channel has its sockets from here. */
void dns_ports_serve(dns_ports *ports, ares_channel ares);

/* True if the socket that c-ares waits for is one of datagrams: it never becomes ready, and need not be polled. */
bool dns_ports_owns(const dns_ports *ports, ares_socket_t socket);

/* Closes what no answer will come to any more; now and then. */
void dns_ports_expire(dns_ports *ports);

#endif
