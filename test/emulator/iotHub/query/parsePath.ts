import type { Collection, Path } from "./query.ts";
import { createSyntaxError } from "./tokens.ts";

/** The words of the language, which are not names of values. */
const KEYWORDS: ReadonlySet<string> = new Set(
	"select top from where group by as and or not in nin order".split(" "),
);

/**
 * Parses a name such as `tags.site`. It may be qualified with the collection: `devices.tags.site` as Azure IoT Explorer
 * sends it, `devices.modules.moduleId`, and `devices.deviceId` of a module ("Queries for IoT Hub device and module
 * twins"; `az iot hub query`). A keyword and the collection alone are not names.
 */
export function parsePath(text: string, collection: Collection): Path {
	const parts = [...text.matchAll(/\[\[([^[\]]+)\]\]|[^.[\]]+/g)].map(
		([part, bracketed]) => bracketed ?? part,
	);
	const path = parts.slice(countQualifiers(parts, collection));
	const [first] = path;
	if (first === undefined || (path.length === 1 && KEYWORDS.has(first.toLowerCase())))
		throw createSyntaxError();
	return path;
}

function countQualifiers(parts: Path, collection: Collection): number {
	const names = parts.map((part) => part.toLowerCase());
	if (names[0] !== "devices") return 0;
	return collection === "devices.modules" && names[1] === "modules" ? 2 : 1;
}
