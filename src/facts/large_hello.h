/*
 * facts/large_hello.h: does a ClientHello as large as browsers send it get through? Since their key exchange with
 * ML-KEM it fills more than one packet, and some boxes on the way lose the second.
 */
#ifndef FACTS_LARGE_HELLO_H
#define FACTS_LARGE_HELLO_H

#include "facts/failure.h"

typedef struct facts_large_hello {
    bool looked;
    int octets, small_octets; /* of the large one, and of the small one it was compared with; 0: that was not needed */
    bool split;               /* only when it comes in two pieces */
    /* What ends it, twice, where the small one is answered; NULL: it is answered, or the small one is not either. */
    const facts_failure *failure;
} facts_large_hello;

/* Null if nobody looked. */
void facts_large_hello_json(const facts_large_hello *hello, base_json *json);

#endif
