import type { Resource } from "../../contract/harness/resource.ts";
import type { Place, Stage } from "../../contract/subject/subject.ts";
import { SUBJECTS } from "../../contract/subject/subjects.ts";
import { createFleetGround } from "./fleetGround.ts";
import { createMachineFleetGround } from "./machineFleetGround.ts";

/** What the matrix must know of a kind of resource on its service. */
export interface Ground {
	/** As cases name it: `DeviceIdentity over IoT Hub 2021-04-12`. */
	readonly title: string;
	start(place: Place): Promise<Field>;
}

/** A running service with one object, or several that are one resource, as a program may declare them. */
export interface Field
	extends Pick<
		Stage,
		"sample" | "connect" | "words" | "elsewhere" | "listSecrets" | "listProblems" | "listRemains" | "close"
	> {
	/** The clock of the latest process. */
	readonly clock: Pick<Stage["clock"], "jump">;
	/** How messages may name the sample, or the object that it is moved to. */
	readonly labels: readonly string[];
	/** How many objects the sample is. */
	readonly size: number;
	/** What is wrong with state, compared with the service; empty where nothing is. */
	findContradictions(resource: Resource): string[];
}

/** Every kind of resource by every way to its service. Another kind is another line here. */
export const GROUNDS: readonly Ground[] = [
	...SUBJECTS.map(createSingleGround),
	createFleetGround(),
	createMachineFleetGround(),
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
				if (view === undefined) return isMoved ? [] : ["state knows an object that is not there"];
				return [
					...(outputs["etag"] === view.etag ? [] : ["state has another etag"]),
					...([id, ...Object.values(outputs)].includes(view.uid) ? [] : ["state knows another incarnation"]),
					...(outputs[path] === view.fields[path] ? [] : [`state has another ${path}`]),
				];
			};
			const { label, moved } = stage.sample;
			const other = String(moved.inputs["deviceId"] ?? moved.inputs["serialNumber"]);
			return Object.assign(stage, { size: 1, labels: [label, other], findContradictions });
		},
	};
}
