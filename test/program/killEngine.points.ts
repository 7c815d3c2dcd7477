import type { PendingOperation } from "../engine/index.ts";
import type { End, Point } from "./killEngine.ts";

/** The changes of a run: a device and a member of the fleet are added, others are removed, and others are changed. */
export interface Turn {
	readonly comes: string;
	readonly goes: string;
}

/** A point at which an engine ends, and what that leaves behind if the engine does not wait. */
export interface Ending extends Point {
	/** The pending operation in state. */
	readonly pending?: PendingOperation["type"];
	/** Whether a device is created that is not in state, so that the program must adopt it. */
	readonly isMade?: boolean;
	/** Whether a surviving provider finishes a whole fleet, and not only the part that this request belongs to. */
	readonly isFleet?: boolean;
}

/** The distinct points. */
const POINTS = {
	"a look before the first request": () => ({ match: { method: "GET" }, isBefore: true }),
	"a read": () => ({ match: { method: "GET" }, options: { refresh: true } }),
	"a device's creation": ({ comes }) => ({ ...put(comes), pending: "creating", isMade: true }),
	"a device's change": () => ({ ...put("changes"), pending: "updating" }),
	"a device's deletion": ({ goes }) => ({ ...createDeletePoint(goes), pending: "deleting" }),
	"a member's creation": ({ comes }) => ({ ...put(`m-${comes}`), ...OF_FLEET }),
	"a member's change": () => ({ ...put("m-changes"), ...OF_FLEET }),
	"a member's deletion": ({ goes }) => ({ ...createDeletePoint(`m-${goes}`), ...OF_FLEET }),
} as const satisfies Readonly<Record<string, (turn: Turn) => Ending>>;

const OF_FLEET = { pending: "updating", isFleet: true } as const;

type PointName = keyof typeof POINTS;

/** A way in which an engine ends, and the points at which it is tested. */
interface Way {
	readonly end: End;
	readonly at: readonly PointName[];
}

const WAYS: Readonly<Record<string, Way>> = {
	"killed, while its provider lives on,": {
		end: { signals: ["SIGKILL"] },
		at: [
			"a look before the first request",
			"a read",
			"a device's creation",
			"a device's change",
			"a device's deletion",
			"a member's creation",
			"a member's change",
			"a member's deletion",
		],
	},
	"killed with all that it started": {
		end: { signals: ["SIGKILL"], isOfAll: true },
		at: ["a device's creation", "a device's deletion", "a member's creation"],
	},
	"interrupted once": {
		end: { signals: ["SIGINT"], isPatient: true },
		at: ["a device's creation", "a device's deletion", "a member's creation"],
	},
	"interrupted twice": {
		end: { signals: ["SIGINT", "SIGINT"] },
		at: ["a device's creation", "a device's change", "a member's deletion"],
	},
};

/** Every way in which an engine ends, as text and data, with the names of the points to test. */
export const ENDS = Object.entries(WAYS).map(([how, { end, at }]) => ({
	how,
	end,
	points: at.map((name) => ({ name, at: (turn: Turn): Ending => POINTS[name](turn) })),
}));

function put(id: string): Point {
	return { match: { method: "PUT", path: `^/devices/${id}$` } };
}

function createDeletePoint(id: string): Point {
	return { match: { method: "DELETE", path: `^/devices/${id}$` } };
}
