@NullMarked
package org.lossservice;

import org.jspecify.annotations.NullMarked;
