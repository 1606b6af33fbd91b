@NullMarked
package org.lossservice.format;

import org.jspecify.annotations.NullMarked;
