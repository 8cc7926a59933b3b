/* The codecs. */
#ifndef FORMATS_FORMATS_H
#define FORMATS_FORMATS_H

#include "holdfast/formats.h"

/* More than two million hosts in any of the formats; a file beyond it is nobody's store, and would be read for minutes.
 */
#define HF__OCTETS_MAX (UINT64_C(512) << 20)

#endif
