@NullMarked
package org.lossservice.tensor;

import org.jspecify.annotations.NullMarked;
