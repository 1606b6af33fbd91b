/** Shapes, dtypes and tensors, and the one exception for what can be wrong with them. Depends on nothing. */
@NullMarked
package org.lossservice.tensor;

import org.jspecify.annotations.NullMarked;
