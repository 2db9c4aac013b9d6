// Loads every module. Each binds by data-* attributes with listeners on the document, so swapped content needs no set-up.
import "./refresh.js";
import "./toast.js";
import "./dialog.js";
import "./menu.js";
import "./palette.js";
import "./shortcuts.js";
import "./table.js";
import "./inline-edit.js";
import "./board.js";
import "./autocomplete.js";
import "./filters.js";
import "./columns.js";
import "./composer.js";
import "./duplicates.js";
import "./preferences.js";
