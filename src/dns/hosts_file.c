#include "dns/hosts_file.h"

#include "base/ascii.h"
#include "base/file.h"

#include <string.h>

#define OCTETS_MAX ((size_t)4 << 20)
#define ADDRESS_MAX 64 /* octets of its text */

void dns_hosts_file_open(base_buffer *text, const char *path)
{
    base_buffer_init(text, OCTETS_MAX);
    if (!base_file_read_by(path, &(base_file_rules){0}, text, NULL))
        base_buffer_clear(text);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of the line that ends at `end`; empty at its end or at a comment. */
static size_t next_word(const char **at, const char *end)
{
    size_t length = 0;

    while (*at < end && is_blank(**at))
        (*at)++;
    while (*at + length < end && !is_blank((*at)[length]) && (*at)[length] != '#')
        length++;
    return length;
}

/* The address of a line that has the name. */
static bool read_line(const char *at, const char *end, const char *name, int port, io_address *address)
{
    char text[ADDRESS_MAX];
    size_t length = next_word(&at, end);

    if (length == 0 || length >= sizeof text)
        return false;
    memcpy(text, at, length);
    text[length] = '\0';
    if (!io_address_parse(text, port, address))
        return false;
    for (at += length; (length = next_word(&at, end)) > 0; at += length)
        if (base_ascii_is(at, length, name))
            return true;
    return false;
}

static bool is_ipv6(const io_address *address)
{
    return address->socket.ss_family == AF_INET6;
}

size_t dns_hosts_file_find(const base_buffer *text, const char *name, int port, io_address *addresses, size_t capacity)
{
    const char *from = base_buffer_string(text), *end = from + text->length;
    size_t count = 0;

    for (int ipv6 = 1; ipv6 >= 0; ipv6--)
        for (const char *line = from; line < end && count < capacity;) {
            const char *lf = memchr(line, '\n', (size_t)(end - line));
            const char *stop = lf != NULL ? lf : end;

            count += read_line(line, stop, name, port, &addresses[count]) && is_ipv6(&addresses[count]) == (ipv6 == 1);
            line = stop + 1;
        }
    return count;
}
