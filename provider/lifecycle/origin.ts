/**
 * The input in which the program half tells the runtime half which resource of which stack declares an object:
 * `<organization>/<project>/<stack>/<Type>/<name>`. No program sets it, and it is neither compared nor an output.
 */
export const ORIGIN = "__origin";

/** How many segments stand before the resource's name, which may hold slashes. */
const BEFORE_NAME = 4;

/** How messages name the resource of an origin: `DeviceFleet plant`; undefined where there is none. */
export function describeOrigin(origin: unknown): string | undefined {
	if (typeof origin !== "string") return undefined;
	const segments = origin.split("/");
	const [type, ...name] = segments.slice(BEFORE_NAME - 1);
	return type === undefined || name.length === 0 ? undefined : `${type} ${name.join("/")}`;
}
