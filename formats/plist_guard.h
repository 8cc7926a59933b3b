/*
 * libplist follows every reference of a binary property list, so that a small hostile one becomes a huge tree, and
 * frees a deep tree by recursion. Over a NUL in a key it ends the program. So all of it is looked at before.
 */
#ifndef FORMATS_PLIST_GUARD_H
#define FORMATS_PLIST_GUARD_H

#include "holdfast/formats.h"

/* True if reading makes no more nodes than there are octets for, and no deep recursion. The content is not judged. */
bool hf__plist_is_tame(hf_span octets);

#endif
