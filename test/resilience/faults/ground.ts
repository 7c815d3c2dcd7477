import type { Resource } from "../../contract/harness/resource.ts";
import type { Place, Stage } from "../../contract/subject/subject.ts";
import { SUBJECTS } from "../../contract/subject/subjects.ts";
import { createFleetGround } from "./fleetGround.ts";
import { createLaggingGround } from "./laggingGround.ts";
import { createMachineFleetGround } from "./machineFleetGround.ts";
import { createUnreadUserGround } from "./unreadUserGround.ts";

/** What the matrix must know of one type of resource and its service. */
export interface Ground {
	/** The name in the titles of cases: `DeviceIdentity over IoT Hub 2021-04-12`. */
	readonly title: string;
	/** @param caseTitle the title of the case to play; determines what a ground chooses. Default: empty */
	start(place: Place, caseTitle?: string): Promise<Field>;
}

/** A running service with a sample that a program may declare: one object, or several in one resource. */
export interface Field
	extends Pick<
		Stage,
		| "sample"
		| "connect"
		| "words"
		| "elsewhere"
		| "keys"
		| "listSecrets"
		| "otherTenant"
		| "listProblems"
		| "listRemains"
		| "close"
	> {
	/** The clock of the latest process. */
	readonly clock: Pick<Stage["clock"], "jump" | "now">;
	/** The names by which messages may refer to the sample, or to the object that it is moved to. */
	readonly labels: readonly string[];
	/** The number of objects in the sample. */
	readonly size: number;
	/** Lists the differences between state and service. */
	findContradictions(resource: Resource): string[];
}

/** Every type of resource with every way to its service. A new type needs a new line here. */
export const GROUNDS: readonly Ground[] = [
	...SUBJECTS.map(createSingleGround),
	createFleetGround(),
	createMachineFleetGround(),
	...SUBJECTS.filter(({ title }) => /by live$|by upload-rooted/.test(title))
		.map(createSingleGround)
		.map(createLaggingGround),
	createLaggingGround(createMachineFleetGround()),
	...SUBJECTS.filter(({ title }) => title.endsWith("by live"))
		.map(createSingleGround)
		.map(createUnreadUserGround),
	createUnreadUserGround(createMachineFleetGround()),
];

function createSingleGround({ title, start }: (typeof SUBJECTS)[number]): Ground {
	return {
		title,
		async start(place) {
			const stage = await start(place);
			const findContradictions = (resource: Resource): string[] => {
				const { id, outputs } = resource.known;
				const { path, moved } = stage.sample;
				const isMoved = Object.values(moved.inputs).includes(outputs["serialNumber"] ?? id);
				const view = stage.elsewhere.getView();
				if (view === undefined) return isMoved ? [] : ["state has an object that does not exist"];
				return [
					...(outputs["etag"] === view.etag ? [] : ["state has a different etag"]),
					...([id, ...Object.values(outputs)].includes(view.uid) ? [] : ["state has a different uid"]),
					...(outputs[path] === view.fields[path] ? [] : [`state has a different ${path}`]),
				];
			};
			const { label, moved } = stage.sample;
			const other = String(moved.inputs["deviceId"] ?? moved.inputs["serialNumber"]);
			return Object.assign(stage, { size: 1, labels: [label, other], findContradictions });
		},
	};
}
