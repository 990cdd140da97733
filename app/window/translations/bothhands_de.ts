<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
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
        <source>As it is measured and tuned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calm hands for a photograph or a slow gesture; fast ones lag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fast hands without lag, for games and avatars; still ones jitter a little</source>
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
</TS>
