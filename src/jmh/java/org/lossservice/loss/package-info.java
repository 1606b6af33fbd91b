@NullMarked
package org.lossservice.loss;

import org.jspecify.annotations.NullMarked;
