/** Bytes to tensors and back: JSON, npz and safetensors. Knows no Spring. */
@NullMarked
package org.lossservice.format;

import org.jspecify.annotations.NullMarked;
