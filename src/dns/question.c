#include "dns/question.h"

#include "dns/message.h"

#include <string.h>

#define HEADER 12
#define CASE_BIT 0x20

size_t dns_question_end(const unsigned char *query, size_t length)
{
    dns_message message;

    return dns_message_open(query, length, &message) ? message.question_end : 0;
}

static bool is_letter(unsigned char octet)
{
    octet |= CASE_BIT;
    return octet >= 'a' && octet <= 'z';
}

/* Of labels alone, never of their lengths: those are below 'A'. */
void dns_question_vary(unsigned char *query, size_t end, const unsigned char chance[static 32])
{
    for (size_t i = HEADER; i < end - 4; i++)
        if (is_letter(query[i]) && (chance[(i - HEADER) / 8 % 32] >> (i % 8) & 1) != 0)
            query[i] ^= CASE_BIT;
}

static bool is_same_letter(unsigned char a, unsigned char b)
{
    return a == b || (is_letter(a) && (a ^ b) == CASE_BIT);
}

dns_echo dns_question_echo(const unsigned char *query, size_t end, const unsigned char *reply, size_t length)
{
    dns_echo echo = DNS_ECHO_SAME;

    if (length < end || memcmp(query, reply, 2) != 0 || (dns_u16(reply + 2) & DNS_FLAG_RESPONSE) == 0 ||
        dns_u16(reply + 4) != 1 || memcmp(query + end - 4, reply + end - 4, 4) != 0)
        return DNS_ECHO_FOREIGN;
    for (size_t i = HEADER; i < end - 4; i++) {
        if (!is_same_letter(query[i], reply[i]))
            return DNS_ECHO_FOREIGN;
        if (query[i] != reply[i])
            echo = DNS_ECHO_OTHER_CASE;
    }
    return echo;
}
