/** The losses: exact kernels, and the evaluator that splits their rows over threads. Knows no HTTP. */
@NullMarked
package org.lossservice.loss;

import org.jspecify.annotations.NullMarked;
