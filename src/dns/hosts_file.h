/*
 * dns/hosts_file.h: a copy of /etc/hosts, for when the file itself cannot be read any more. A sandbox allows the file
 * that was there when it was entered; programs that edit it put another in its place, which stays closed.
 */
#ifndef DNS_HOSTS_FILE_H
#define DNS_HOSTS_FILE_H

#include "base/buffer.h"
#include "io/address.h"

#define DNS_HOSTS_FILE "/etc/hosts"

/* Reads the file at `path`. One that is not there, cannot be read or is larger than 4 MiB names no host. */
void dns_hosts_file_open(base_buffer *text, const char *path);

/* The addresses of `name`, IPv6 first, with `port`: how many. Pure. */
size_t dns_hosts_file_find(const base_buffer *text, const char *name, int port, io_address *addresses, size_t capacity);

#endif
