// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pictures from files, made safe: only shapes and words that lacuna-mask draws get through, written anew. Styles are
// dropped (the page has its own), anything else that is unknown makes the whole picture refused.
#ifndef LACUNA_TOOLS_SCORE_SVGFILTER_H
#define LACUNA_TOOLS_SCORE_SVGFILTER_H

#include "runtime/Status.h"

#include <string_view>

namespace lacuna::score {

/// `id` makes the pattern of hatching unique in the page.
runtime::Result<std::string> filterPicture(std::string_view svg, const std::string &id);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_SVGFILTER_H
