<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Bothhands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy versions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each comes under its own licence; PyQt5's is the GPL, which holds for the window together with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For a report of what went wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Libraries in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notice and licences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two-hand tracking from one webcam. Nothing leaves this machine: no uploads, no downloads, no update checks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not named</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Dismiss this message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>info</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>warning</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BusyIndicator</name>
    <message>
        <source>Loading</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Command</name>
    <message>
        <source>&amp;3D view beside the video</source>
        <comment>Ctrl+D</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;About Bothhands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Calibrate hand shape…</source>
        <comment>Ctrl+H</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Check this setup…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Compare the models…</source>
        <comment>Ctrl+0</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <comment>F11</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keys and tips</source>
        <comment>F1</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keys…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Light colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Log and health</source>
        <comment>Ctrl+Shift+L</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Loop the clip</source>
        <comment>Ctrl+L</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Mirror the video</source>
        <comment>Ctrl+M</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open file…</source>
        <comment>Ctrl+O</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Play or pause the clip</source>
        <comment>Ctrl+P</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <comment>Ctrl+Q</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Record or stop</source>
        <comment>Ctrl+R</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Sessions…</source>
        <comment>Ctrl+B</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Turn a mirrored source back</source>
        <comment>Ctrl+Shift+M</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L&amp;eave full screen</source>
        <comment>Esc</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La&amp;rger text</source>
        <comment>Ctrl++</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for &amp;cameras again</source>
        <comment>F5</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mesh or &amp;skeleton</source>
        <comment>Ctrl+K</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One frame &amp;back</source>
        <comment>Ctrl+Left</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One frame &amp;forward</source>
        <comment>Ctrl+Right</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open fol&amp;der of images…</source>
        <comment>Ctrl+Shift+O</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replay a session &amp;folder…</source>
        <comment>Ctrl+Shift+R</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S&amp;maller text</source>
        <comment>Ctrl+-</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S&amp;napshot without the hands</source>
        <comment>Ctrl+Shift+S</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Snapshot with the &amp;hands</source>
        <comment>Ctrl+S</comment>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ControlPanel</name>
    <message>
        <source> ({first} to {last})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A gesture that, held for a second, begins and ends a recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>After %n seconds</source>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message>
        <source>All sessions…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Both</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera, video or folder of images; the File menu opens others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Countdown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Demo clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edges of the meshes, through which the hand can be compared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gesture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How calm a still hand is. Higher: less jitter, slower to start moving.
Cutoff of a resting wrist: {hertz:.2f} Hz</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How fast a moving hand is followed. Higher: less lag, more jitter while it moves.
The cutoff rises by {hertz:.2f} Hz for each rad/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How long to wait before a recording begins</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much of the hand shines through</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Joints and bones; a key changes between mesh and skeleton</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the last recording, run other models over it, export it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for cameras again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look through all recordings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mesh</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Meshes with joints and bones over them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mirror the video</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name (optional)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Network or fit that makes meshes of the frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No gesture records</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notes (optional)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notes on the recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On the screen only: recordings are never mirrored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One Euro filter: still hands do not jitter, fast ones do not lag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder of images…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening the source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preset of smoothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Record</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Record video and hands into a folder of their own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recording in {left}…   cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Response</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved as {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shaded hand meshes; a key changes between mesh and skeleton</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the folder of the last recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Skeleton</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smooth movements</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steadiness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steady</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop   {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The camera's video alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Video and hands, into a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>View: {view}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What each model is good at, how good and how fast it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the two sliders stand; move them for your own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wire</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{gesture} records and stops</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}, kept in its session.json</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Blender wants metres, MotionBuilder centimetres</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bones only, for game engines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled; nothing was written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Centimetres</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exporting failed: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File to write</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forwards and backwards over the whole take, so that nothing lags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Four influences per vertex and no morph targets; the mesh is less exact</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hands of</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Metres</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name the file to export to, such as {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smooth once more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The hands that were recorded, or those of a model that was run on the session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unit of length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the run of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} exists already. Replace it?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FiguresBar</name>
    <message>
        <source>Age of the frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finished frames per second, over the last two seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames per second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hands in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hands in view: the person's own left and right, how sure it is, who saw the hand, and the gesture it makes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model that made the newest frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no model yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{rate:.1f} frames/s</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HandShapeGuide</name>
    <message>
        <source>Again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hand shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold both hands open for two seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the shape under this name, and hold it in every fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave all as it was</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure once more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seconds for which both hands were seen open, still and apart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seconds for which the hands were seen well</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The name under which the shape is kept; one that is there already is replaced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whose hands these are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your hands are measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done:.1f} of {all:.0f} s</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HandShapes</name>
    <message>
        <source>&amp;Delete {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Nobody: adapt to whoever is seen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Rename {name}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bothhands: hand shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every fit now holds the hand shape of {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Me</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The hand shape of {name} was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whose hands these are:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} (of the {hand_model} hand model)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HelpPanel</name>
    <message>
        <source>Bothhands: help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For good tracking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys and tips</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ImageView</name>
    <message>
        <source>Live video</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LanguageMenu</name>
    <message>
        <source>&amp;As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lan&amp;guage</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LogPanel</name>
    <message>
        <source>Bothhands: log and health</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Health</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Health and log, for a report of what went wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Play</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera found: use {name}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>H&amp;ands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a folder of images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a video or an image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening the source…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Snapshot {name} is in {folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile {name} cannot be used: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile {name} wants the model {model}, which has no weights here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The recording lies in {folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no frame to keep yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Videos and images ({patterns});;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for the first frame…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModelCards</name>
    <message>
        <source>Bothhands: models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a published checkpoint of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go over to {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import weights…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shares are of 80 frames of real video that were annotated by eye, most of two hands that touch. The trackers' thresholds were chosen on these frames.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in use</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProfileMenu</name>
    <message>
        <source>&amp;Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Profiles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save these settings as…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bothhands: profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the profile; one that is there already is replaced:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile {name} is saved: File &gt; Profiles chooses it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile {name} was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ReplayWindow</name>
    <message>
        <source>&amp;Cancel the run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Loop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Mirror the video</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Play</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Play or pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fas&amp;ter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mesh or &amp;skeleton</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One &amp;second back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One frame &amp;back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One frame &amp;forward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One second f&amp;orward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the session…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recorded video</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run {model} on this session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slo&amp;wer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To the &amp;end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To the be&amp;ginning</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RunsBar</name>
    <message>
        <source>A model to run over the whole session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading {model}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model to run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run beside it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run model on this session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run that is shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the run; nothing of it is stored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The result is stored beside the recording, which stays as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This session has no video to run a model on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whose hands are drawn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whose hands are drawn beside them, over the same frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>beside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>recorded ({model})</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SceneView</name>
    <message>
        <source>3D view of both hands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag to turn, drag with the right button to move, turn the wheel to come nearer, double-click to go back</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Section</name>
    <message>
        <source>Hide the section {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the section {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title}, folded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title}, unfolded</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SectionTitle</name>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recording options</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stream</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>View</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Sentence</name>
    <message>
        <source>(untrained: random weights)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 client</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As it is measured and tuned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>BVH: bones in motion, no mesh</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calm hands for a photograph or a slow gesture; fast ones lag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>EANet (Light): the paper's light network, c = C / 8 on a ResNet-50</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>EANet on LWA-HAND's encoder: ours, the light network's heads on a backbone for processors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>EANet's way of telling two hands apart, light enough for a processor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fast hands without lag, for games and avatars; still ones jitter a little</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fast, steady and exact while the hands are apart; of two hands that touch it often loses one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hands are drawn as skeletons, because meshes cannot be drawn here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hands of the right side that lie within a quarter of their box of where they are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hands shown where there are none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images of two hands in which both are right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LWA-HAND: lightweight attention network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left hands taken for right ones, and the other way round</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence: {licence}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean distance of the joints of right hands, as a share of the hand's box</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MediaPipe landmarks, hand model fitted by inverse kinematics; needs no training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No camera was found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No camera works</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No web page can connect at {address}: {reason}; choose another port.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No weights are installed, so its hands would mean nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not run on this machine yet: use it for a few seconds to see how fast it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing had been recorded in {path} yet; the empty folder was removed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NumPy arrays</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only a left hand was found. If this is a mirrored selfie clip, it is a right one: {remedy}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening the source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading a run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading {name} failed: {reason}; open it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recorded {count} frames in {folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recovered {path}: {frames} frames and {rows} hands. At most about {hands:.1f} s of hands and {video:.1f} s of video are missing at the end.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recovered {path}: {rows} hands. At most about {hands:.1f} s of hands are missing at the end.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rerun recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Streaming by {kind} to {address} loses frames: {reason}; it goes on when that is fixed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Table, one row per frame and hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder {name} has no images ({kinds}); {hint}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The hands of {count} frames before that could not be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The paper's accuracy on hands that interact, with its published weights and a GPU; slow on a processor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The paper's light network: most of that accuracy at a sixth of the size, with weights of its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The run of {model} was cancelled; nothing was stored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The session {path} is complete; there was nothing to recover.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no file or folder {name}; check the name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no virtual camera to show the image on: on Linux load one with `sudo modprobe v4l2loopback`, on Windows and macOS install OBS Studio ({reason})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no {name}: plug it in, choose another one ({others}) or name a video file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing to record yet: choose a source first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing to record yet: no model is loaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is somebody called {name} already; choose another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This name cannot be kept; a name has 1 to {most} characters that can be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This session has no video: its hands are shown alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This session was never completed; `sessions recover` does it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two hands that meet, touch or cross: it keeps both where landmarks alone lose one. The best all-round choice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Video with the hands drawn over it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>View &gt; Turn a mirrored source back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was damaged is kept as {names}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wrote {path} ({size:.1f} MB).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>both right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>brightness {percent:.0f} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>camera {camera}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>camera {camera} ({name})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cameras found: {cameras}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>contrast {percent:.0f} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>extra a frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>glTF: skinned, animated hands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hand {first:.0f} % of the image's height</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hands right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hands {first:.0f} % and {last:.0f} % of the image's height</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hands {percent:.0f} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is converted for this machine, which happens once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is read and compiled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no camera was found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no network of its own to train</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not measured on real video</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>wrong side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count:.1f} million weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} clients</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} more frames are missing in the video: {reasons}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} not delivered by the source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} not written, as the disk or the encoder was too slow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{device} may not be used by this account: add it to the group that owns the device (often video).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{doing} failed: {kind}: {error}. The log on the terminal says more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} has {count} frames.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} is no key; press one key, with Ctrl or Alt held.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} would act while something is typed; hold Ctrl or Alt with it, or take an F key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{lacking}, so this is the demo clip. Connect a camera, press the refresh button and choose it as source.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{milliseconds:.0f} ms a frame on this machine, at most {rate:.0f} a second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{model} has its weights now, imported from {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{model} ran over all {count} frames; it is shown beside the recording.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} gives no image; close the program that may be using it, or choose another source ({others}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} has ended; choose it again, or another source.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} has no frame that can be decoded; the file is damaged or incomplete.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} has no video in it; name a video, an image, a folder of images or a camera.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is a {other} image, which is not read; save it as PNG or JPEG.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is empty (0 bytes); was it copied whole?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is empty; was it copied whole?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is no file; name a video, an image, a folder of images or a camera.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is not a video that can be read, or it is damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is not an image that can be read ({reason}); is the file whole?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is not an image that can be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is too large an image to be read; scale it down.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} stopped delivering images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{percent:.0f} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size}, {rate:.0f} frames/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size}, {rate:.0f} of {nominal:.0f} frames/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{text!r} is no address: write HOST:PORT, such as {host}:39539, or a PORT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{tracked:.0f} of {rate:.0f} frames/s tracked, {age:.0f} ms old (95 %)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value:.2f}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{width}x{height} px</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SessionActions</name>
    <message>
        <source>Not now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a recorded session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recover</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recovering {name}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The recording lies in {folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The recording {names} was cut off by a crash. It can be recovered up to its last second.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} recordings were cut off by a crash: {names}. They can be recovered up to their last second.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SessionBrowser</name>
    <message>
        <source>Bothhands: sessions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It can be taken out of the bin again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at it, run other models over it, export it (Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move to the bin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has been recorded in {folder} yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the folder again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading {folder}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recover</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save what can be read of a recording that was cut off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search names, notes, models, dates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search sessions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show its files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shows the sessions that have all these words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To Blender, game engines, tables or a video</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} could not be moved to the bin; nothing was deleted. Show folder leads to it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is in the bin.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is in the bin: {place}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is open in a replay; close that first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{read} of %n sessions read…</source>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message numerus="yes">
        <source>{shown} of %n sessions in {folder}</source>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
</context>
<context>
    <name>SetupPage</name>
    <message>
        <source>Check of this setup</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check this setup</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close this page; Help &gt; Check this setup… opens it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done with the check of this setup</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Good while each hand is {least:.0f} to {most:.0f} % of the image's height; left is too far, right is too near</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold both hands before the camera as you will use them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How near the hands are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>near</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>needs attention</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ok</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ShortcutEditor</name>
    <message>
        <source>All as at the first start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bothhands: keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click a field and press the new key. It holds at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key for: {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No key for: {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{command} has no key any more.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SmoothingPlot</name>
    <message>
        <source>Hand of the plot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Index, bent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Little, bent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measured and smoothed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Middle, bent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No such hand in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ring, bent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The thin line is what was measured, the thick one what is shown, over the last four seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thumb, bent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the plot shows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wrist, distance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wrist, sideways</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wrist, up and down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>jitter {raw:.1f} → {smoothed:.1f} {unit}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StreamPanel</name>
    <message>
        <source>Address of the stream: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finger bones for avatars: VSeeFace, Warudo, Unity, …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames to {address} are lost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>HOST:PORT to send to; several with commas between</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hands for web pages, over WebSocket</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has ended; the message over the video says why.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Joints and parameters as plain OSC messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On {address}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stream: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The video with the hands, as a webcam</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To {address}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Virtual camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>[HOST:]PORT at which pages connect; without a host, from this machine only</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Texts</name>
    <message numerus="yes">
        <source>%n frames</source>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message>
        <source>A camera of 640x480 px or more shows the fingers better.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A clip is playing: plug in a camera and choose it under Source.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A plain background and bare wrists help.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All looks alike: wipe the lens, or take its cover off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Being recorded now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other programs that use the processor or the graphics card.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other programs, or choose a faster model: Model &gt; Compare the models.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut off by a crash; Recover completes it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Damaged; Recover saves what can be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dim the light, or turn the lamp away from your hands.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Distance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From capture to paint, over the last two seconds; the screen's own delay comes on top.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Good: stay like that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold both hands whole in the picture: a little farther away, or nearer to its middle.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold it ({gesture}) to end the recording… {held:.0%}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold it ({gesture}) to record… {held:.0%}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold the hands farther apart.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold them still.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold your hands nearer to the middle of the image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If hands jitter, raise Steadiness; if they lag, raise Response.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In dim light cameras give fewer frames: add light, or a USB port without a hub.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep both hands whole in the frame, 30 to 80 cm from the camera.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let the clip play to see the speed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence: {licence}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light from the front, not from behind you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading {model}, {seconds} s: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look whether it is plugged in, switched on, and used by no other program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measured as soon as the model is loaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Median by stage (95th percentile)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No frames come from {source}. Is it plugged in, switched on and used by nobody else?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No hand in view. Show both hands with the fingers spread, with light from the front, about half a metre away.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No source is running. Choose a camera, a video or the demo clip under Source.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open both hands and stretch all fingers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Palm from wrist to middle knuckle: {before:.0f} mm before, {now:.0f} mm now ({percent:+.1f} %). Depth goes with size: what was {half_a_metre} mm from the camera is now at {depth:.0f} mm.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plug in a camera and choose it under Source.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quick hands need 30 frames/s: add light, or choose a faster camera under Source.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>REC {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show both hands, about half a metre away.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch on a lamp in front of you, or turn towards the window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The camera is being opened.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image is black: take the cover off the lens.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The light is behind you: close the curtain, or put a lamp in front of you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too far: come nearer, to about half a metre.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too near: move your hands back until all fingers stay in the image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn both palms, or both backs, to the camera.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for frames.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>age {median:.0f} ms (95 %: {p95:.0f} ms)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>age –</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>crop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>dd MMM yyyy, HH:mm:ss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>detect</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>landmarks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>network and landmarks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>open palm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pinch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>point</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>predicted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reconstruct</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>render</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>smooth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>thumb up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>to the screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{captured} captured, {tracked} tracked, {dropped} dropped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count:.1f} million weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{loading} Hands are shown as soon as it is ready.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} (no weights: import…)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size:.1f} {unit}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size}, {left} left on the disk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{stage}: {median:.1f} ms ({p95:.1f} ms)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TransportBar</name>
    <message>
        <source>Loop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One frame back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One frame forward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start over at the end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time and frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{speed:g}×</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{time} / {length}     frame {number} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WeightsActions</name>
    <message>
        <source>Checkpoints (*.pth *.tar *.pt);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import the weights of {model}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Importing {name} for {model}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The weights of {model} are missing: they come with the project; put its assets folder back.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
