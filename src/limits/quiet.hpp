// A moment in which nobody holds anything of any account, nor is about to commit it.
#pragma once

#include <functional>

namespace limits {

enum class Then { keep, undo };

// Runs body with all who consume locked out, for whose transactions it waits a moment and no longer: false when they took longer,
// and nothing was done. What body has done is kept, and the lock until this transaction ends; or both are undone, as it says.
bool in_quiet(const std::function<Then()>& body);

}  // namespace limits
