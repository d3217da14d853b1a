#!/usr/bin/env node
import "../dist/bin/bin.js";
